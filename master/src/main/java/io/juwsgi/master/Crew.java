package io.juwsgi.master;

import io.juwsgi.master.Worker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one generation, by number: how each of them is drained, stopped and killed.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Crew {
    private final PlaneContext context;
    private final Notices notices;
    private final List<Slot> slots = new ArrayList<>();

    Crew(PlaneContext context, Notices notices) {
        this.context = context;
        this.notices = notices;
    }

    /** Returns the numbers that are to have a worker. */
    List<Slot> wanted() {
        int count = context.staff().wanted();
        while (slots.size() < count) {
            slots.add(new Slot(slots.size() + 1, context.timings()));
        }
        return slots.subList(0, count);
    }

    boolean isWanted(Slot slot) {
        return slot.id <= context.staff().wanted();
    }

    /** Lets the workers go whose numbers are not wanted any more. */
    void dismiss(long now) {
        forEach(worker -> {
            if (worker.is(State.READY) && worker.id() > context.staff().wanted()) {
                notices.about(worker, "is not needed any more");
                drain(worker, context.plan().mercy(), now);
            }
        });
    }

    Slot slot(Worker worker) {
        return slots.get(worker.id() - 1);
    }

    /** A control connection ended that was this worker's: it must end too. */
    void connectionLost(Worker worker, long now) {
        if (worker.is(State.READY)) {
            worker.lose();
            drain(worker, context.timings().exitGrace(), now);
        } else {
            worker.disconnect();
            worker.deadline().atMost(context.timings().exitGrace(), now);
        }
    }

    void drained(Worker worker, long now) {
        if (!worker.is(State.DRAINING)) {
            return;
        }
        if (worker.isLost()) {
            // It is ending already; its wait status tells more than a SIGKILL of ours would.
            return;
        }
        finish(worker, now);
    }

    /** Replaces a worker in its turn, as soon as it is old enough for that; until then it serves. */
    void wear(Worker worker, String because, long now) {
        if (!worker.is(State.READY) || worker.isWorn()) {
            return;
        }
        Duration early = context.plan().recycling().minLifetime().minus(worker.age(now));
        if (early.isPositive()) {
            worker.wearIn(early, because, now);
        } else {
            wearNow(worker, because);
        }
    }

    /** Replaces a worker at once; until that other one is ready it serves. */
    void replace(Worker worker, String because) {
        if (worker.is(State.READY) && !worker.isWorn()) {
            worker.wear(false);
            notices.about(worker, because + ", it will be replaced");
        }
    }

    private void wearNow(Worker worker, String because) {
        worker.wear(true);
        notices.about(worker, because + ", it will be replaced");
    }

    /** Takes note that a worker has become ready: it may have a limited life. */
    void begins(Worker worker, long now) {
        Duration lifetime = context.plan().recycling().lifetime(worker.id());
        if (lifetime.isPositive()) {
            worker.wearIn(lifetime, "has served for " + Notices.seconds(lifetime), now);
        }
    }

    /** Wears out the workers whose time has come. */
    void expireLives(long now) {
        forEach(worker -> {
            if (worker.wearOut().passed(now)) {
                wearNow(worker, worker.wornBecause());
            }
        });
    }

    /** Replaces every worker that serves, as the scope says. */
    void renew(ReloadScope scope, long now) {
        forEach(worker -> {
            if (!worker.is(State.READY)) {
                return;
            }
            if (scope == ReloadScope.WORKERS_BRUTAL) {
                drain(worker, Duration.ZERO, now);
            } else {
                worker.wear(scope == ReloadScope.CHAIN);
            }
        });
    }

    /**
     * Returns whether the worker of a number may be replaced now: worn ones one at a time, so that they are never all
     * cold at once.
     */
    boolean mayReplace(Slot wanted) {
        if (!wanted.waitsForTurn()) {
            return true;
        }
        for (Slot slot : slots) {
            if (slot.isBeingReplaced()) {
                return false;
            }
        }
        return true;
    }

    /** A worker harms the whole machine: its requests get no time. */
    void evil(Worker worker, String reason, long now) {
        condemn(worker, reason, Duration.ZERO, now);
    }

    void failed(Worker worker, String reason, long now) {
        condemn(worker, "failed: " + reason, context.timings().failedGrace(), now);
    }

    private void condemn(Worker worker, String reason, Duration grace, long now) {
        if (worker.is(State.DRAINING) && !worker.isCondemned()) {
            worker.condemn();
            worker.deadline().atMost(grace, now);
            notices.about(worker, reason);
        }
        if (!worker.is(State.READY)) {
            return;
        }
        worker.condemn();
        Slot slot = slot(worker);
        Duration delay = slot.backoff.ended(worker.readyFor(now));
        slot.respawn.in(delay, now);
        notices.about(
                worker,
                reason + "; it will be killed, replacement "
                        + (delay.isZero() ? "now" : "in " + Notices.seconds(delay)));
        drain(worker, grace, now);
    }

    void finish(Worker worker, long now) {
        if (worker.isCondemned() || !worker.isConnected()) {
            kill(worker, now);
            return;
        }
        worker.stop();
        worker.deadline().in(context.timings().exitGrace(), now);
    }

    void drain(Worker worker, Duration mercy, long now) {
        worker.to(State.DRAINING);
        worker.deadline().in(mercy, now);
        Endpoint endpoint = worker.endpoint();
        if (endpoint != null) {
            context.group().draining(endpoint);
        }
    }

    void kill(Worker worker, long now) {
        worker.kill();
        worker.deadline().in(context.timings().killPatience(), now);
    }

    /** Gives draining workers at most this long from now on. */
    void hurry(Duration mercy, long now) {
        forEach(worker -> {
            if (worker.is(State.DRAINING)) {
                worker.deadline().atMost(mercy, now);
            }
        });
    }

    /** Ends every mercy. */
    void killAll(long now) {
        forEach(worker -> {
            if (worker.is(State.READY)) {
                drain(worker, Duration.ZERO, now);
            }
            if (!worker.is(State.KILLED)) {
                kill(worker, now);
            }
        });
    }

    /** Drops a worker that has never been a process. */
    void forget(Worker worker) {
        worker.gone();
        slot(worker).workers.remove(worker);
    }

    @Nullable
    Worker awaited(int id) {
        if (id < 1 || id > slots.size()) {
            return null;
        }
        for (Worker worker : slots.get(id - 1).workers) {
            if (worker.pid() == 0) {
                return worker;
            }
        }
        return null;
    }

    boolean allReady() {
        for (Slot slot : wanted()) {
            if (!slot.hasReady()) {
                return false;
            }
        }
        return true;
    }

    boolean anyReady() {
        for (Slot slot : slots) {
            if (slot.hasReady()) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether no worker process is left. */
    boolean isEmpty() {
        for (Slot slot : slots) {
            if (!slot.workers.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Nullable
    Worker find(Predicate<Worker> wanted) {
        for (Slot slot : slots) {
            for (Worker worker : slot.workers) {
                if (wanted.test(worker)) {
                    return worker;
                }
            }
        }
        return null;
    }

    /** Calls {@code action} for each worker; it may remove the worker. */
    void forEach(Consumer<Worker> action) {
        for (Slot slot : slots) {
            List.copyOf(slot.workers).forEach(action);
        }
    }

    /** Lets go of the delays that have passed. */
    void expireDelays(long now) {
        for (Slot slot : slots) {
            if (slot.respawn.passed(now)) {
                slot.respawn.clear();
            }
        }
    }

    /** Returns how long it is until the next deadline. */
    long nanosToDeadline(long now) {
        long next = Long.MAX_VALUE;
        for (Slot slot : slots) {
            next = Math.min(next, slot.respawn.nanosFrom(now));
            for (Worker worker : slot.workers) {
                next = Math.min(next, worker.deadline().nanosFrom(now));
                next = Math.min(next, worker.wearOut().nanosFrom(now));
            }
        }
        return next;
    }
}
