package io.juwsgi.master;

import io.juwsgi.master.Worker.State;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One zygote with the workers that it forked.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Generation {
    /** So many workers that end before they are ready are no accident. */
    private static final int EARLY_DEATHS = 3;

    /**
     * Why the application cannot be loaded.
     *
     * @param exitCode the server's exit code if it was to start with this
     * @param nothing whether there is simply no application
     */
    record Failure(int exitCode, String reason, boolean nothing) {}

    private final int number;
    private final PlaneContext context;
    private final Notices notices;
    private final Zygote zygote;
    private final Crew crew;
    private final long begun;
    private final Deadline outputDeadline = new Deadline();
    private boolean outputAwaited = true;
    /** Processes that ended before they were ready; only the first few matter. */
    private final List<Long> earlyDeaths = new ArrayList<>();

    private boolean retiring;
    private @Nullable Failure failure;

    Generation(int number, PlaneContext context, long now) {
        this.number = number;
        this.context = context;
        this.notices = new Notices(context.log(), context.plan());
        this.zygote = new Zygote(context.log(), context.events());
        this.crew = new Crew(context, notices);
        this.begun = now;
    }

    /** Starts the zygote. */
    void start(ZygoteCommand command, long now) {
        try {
            zygote.start(command);
        } catch (IOException e) {
            zygote.failedToStart();
            fail(1, "cannot start " + command.description() + ": " + e.getMessage(), now);
        }
    }

    // What the zygote tells.

    void booted(int applications, long now) {
        zygote.booted();
        if (applications == 0 && !context.plan().lazy()) {
            failure = new Failure(context.plan().bootFailureCode(), "no application was found", true);
            outputDeadline.in(Duration.ZERO, now);
        }
    }

    void fail(int exitCode, String reason, long now) {
        if (failure == null) {
            failure = new Failure(exitCode, reason, false);
            outputDeadline.in(context.timings().outputPatience(), now);
        }
    }

    void spawned(int id, long pid, long now) {
        Worker worker = crew.awaited(id);
        if (worker == null) {
            context.log().line("zygote forked worker " + id + " (pid: " + pid + ") unasked or too late: killing it");
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            return;
        }
        worker.forked(pid);
        if (worker.is(State.KILLED)) {
            worker.signalKill();
            return;
        }
        worker.deadline().clear();
        if (!context.plan().lazy()) {
            worker.deadline().in(context.timings().readyWithin(), now);
        }
        Slot slot = crew.slot(worker);
        if (slot.filled) {
            notices.respawned(worker);
        } else {
            slot.filled = true;
            notices.spawned(worker);
        }
    }

    /** The zygote could not fork: too many processes, most likely. */
    void notForked(int id, int errno, long now) {
        Worker worker = crew.awaited(id);
        if (worker == null) {
            return;
        }
        crew.forget(worker);
        Slot slot = crew.slot(worker);
        Duration delay = slot.backoff.ended(Duration.ZERO);
        slot.respawn.in(delay, now);
        context.log()
                .line("worker " + id + " cannot be forked (errno " + errno + "), next try "
                        + (delay.isZero() ? "now" : "in " + Notices.seconds(delay)));
    }

    /** The zygote's process has ended; its workers may live on. */
    private void zygoteEnded(ExitStatus status, long now) {
        if (!zygote.hasBooted()) {
            fail(1, "the process that loads the application ended too early: " + status, now);
        } else if (!retiring) {
            context.log()
                    .line("zygote of generation " + number + " died, " + status
                            + " :( its workers go on serving until new ones are ready");
        }
        crew.forEach(worker -> {
            if (worker.pid() == 0) {
                // Never forked, or nobody knows it; then it leaves because nobody answers it.
                crew.forget(worker);
            } else {
                worker.watch(() -> context.events().accept(new MasterEvent.Vanished(worker)));
            }
        });
    }

    // What workers tell.

    void ready(Worker worker, MasterEvent.Ready ready, long now) {
        Endpoint endpoint =
                worker.ready(ready.from(), ready.linkSocket(), context.plan().threads(), context.events(), now);
        context.group().ready(endpoint);
        crew.begins(worker, now);
        for (Worker other : crew.slot(worker).workers) {
            if (other != worker && other.is(State.READY)) {
                crew.drain(other, context.plan().mercy(), now);
            }
        }
    }

    void loadFailed(MasterEvent.WorkerFailed failed, long now) {
        String reason = failed.reason();
        context.log()
                .line("worker " + failed.worker() + " (pid: " + failed.pid() + "): cannot load the application: "
                        + reason);
        fail(context.plan().bootFailureCode(), reason, now);
    }

    void ended(Worker worker, ExitStatus status, long now) {
        State before = worker.state();
        Slot slot = crew.slot(worker);
        worker.gone();
        slot.workers.remove(worker);
        Endpoint endpoint = worker.endpoint();
        if (endpoint != null) {
            context.group().gone(endpoint);
        }
        boolean served = before == State.READY || worker.isLost();
        if (served || before == State.SPAWNING) {
            died(slot, worker, served, status, now);
        } else if (before == State.DRAINING) {
            notices.died(worker, status, false, Duration.ZERO);
        } else {
            notices.buried(worker, status, now);
        }
    }

    private void died(Slot slot, Worker worker, boolean served, ExitStatus status, long now) {
        Duration delay = Duration.ZERO;
        boolean vacant = slot.isVacant();
        if (vacant && !(served && status.fromOutside())) {
            delay = slot.backoff.ended(worker.readyFor(now));
        }
        slot.respawn.in(delay, now);
        notices.died(worker, status, vacant && !retiring && zygote.canFork() && crew.isWanted(slot), delay);
        if (!served && earlyDeaths.size() < EARLY_DEATHS) {
            earlyDeaths.add(worker.pid());
        }
        if (!served && earlyDeaths.size() == EARLY_DEATHS) {
            fail(context.plan().bootFailureCode(), "workers end before they are ready: " + status, now);
        }
    }

    // What the supervisor asks for.

    /** Asks the zygote for every worker that is wanted and not held back. */
    void fill(long now) {
        if (retiring) {
            return;
        }
        crew.dismiss(now);
        if (!zygote.canFork()) {
            return;
        }
        for (Slot slot : crew.wanted()) {
            if (!slot.respawn.isSet() && slot.isVacant() && crew.mayReplace(slot)) {
                spawn(slot, now);
            }
        }
    }

    private void spawn(Slot slot, long now) {
        int ordinal = context.spawns().next(slot.id);
        Worker worker = new Worker(slot.id, number, ordinal, now);
        slot.workers.add(worker);
        worker.deadline().in(context.timings().spawnAnswer(), now);
        zygote.spawn(slot.id);
    }

    /** Lets every worker and the zygote go. */
    void retire(Duration mercy, long now) {
        retiring = true;
        crew.forEach(worker -> {
            if (worker.is(State.SPAWNING)) {
                crew.kill(worker, now);
            } else if (worker.is(State.READY)) {
                crew.drain(worker, mercy, now);
            }
        });
        zygote.quit(context.timings(), now);
    }

    /** Acts on every deadline that has passed. */
    void expire(long now) {
        zygote.expire(now);
        ExitStatus end = zygote.takeEnd(now);
        if (end != null) {
            zygoteEnded(end, now);
        }
        if (outputDeadline.passed(now)) {
            outputDeadline.clear();
            outputAwaited = false;
        }
        crew.expireDelays(now);
        crew.expireLives(now);
        crew.forEach(worker -> {
            if (worker.deadline().passed(now)) {
                expire(worker, now);
            }
        });
        if (retiring && crew.isEmpty()) {
            zygote.childless(context.timings(), now);
        }
    }

    private void expire(Worker worker, long now) {
        worker.deadline().clear();
        switch (worker.state()) {
            case SPAWNING -> expireSpawn(worker, now);
            case DRAINING -> {
                if (!worker.isCondemned() && worker.isConnected()) {
                    notices.about(worker, "requests still run at the end of its mercy, stopping it");
                }
                crew.finish(worker, now);
            }
            case STOPPING -> {
                notices.about(worker, "did not stop when asked to, killing it");
                crew.kill(worker, now);
            }
            case KILLED -> ended(worker, ExitStatus.UNKNOWN, now);
            case READY, GONE -> throw new IllegalStateException(worker + " (expected: a state with a deadline)");
        }
    }

    private void expireSpawn(Worker worker, long now) {
        if (worker.pid() == 0) {
            context.log().line("zygote of generation " + number + " does not answer, killing it");
            zygote.kill();
        } else {
            notices.about(worker, "not ready in time, killing it");
            crew.kill(worker, now);
        }
    }

    // Questions.

    /** Returns whether this process was a worker that ended before it was ready. */
    boolean hasBuriedEarly(long pid) {
        return earlyDeaths.contains(pid);
    }

    PlaneContext context() {
        return context;
    }

    int number() {
        return number;
    }

    Crew crew() {
        return crew;
    }

    Zygote zygote() {
        return zygote;
    }

    Duration age(long now) {
        return Duration.ofNanos(now - begun);
    }

    /** Returns why it failed, once the log has what its processes said about it. */
    @Nullable
    Failure toldFailure() {
        return zygote.isSilent() || !outputAwaited ? failure : null;
    }

    boolean hasFailed() {
        return failure != null;
    }

    boolean isRetiring() {
        return retiring;
    }

    boolean isOver() {
        return crew.isEmpty() && zygote.hasEnded();
    }

    /** Returns how long it is until the next deadline. */
    long nanosToDeadline(long now) {
        long next = Math.min(zygote.deadline().nanosFrom(now), outputDeadline.nanosFrom(now));
        return Math.min(next, crew.nanosToDeadline(now));
    }
}
