package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.Failure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What operators may see and do of single requests. Owned by the pool's event loop. */
final class Interventions {
    private final Dispatcher dispatcher;
    private final Collection<WorkerLink> workers;

    Interventions(Dispatcher dispatcher, Collection<WorkerLink> workers) {
        this.dispatcher = dispatcher;
        this.workers = workers;
    }

    /** Returns every request that the pool holds: those of cores, then those that wait, each in its order. */
    List<RequestStats> requests(long nowNanos) {
        List<RequestStats> all = new ArrayList<>();
        for (WorkerLink worker : workers) {
            for (CoreLink link : worker.cores()) {
                Core core = link.core();
                RequestStats.State state = RequestStats.State.RUNNING;
                for (Call call : core.calls()) {
                    all.add(stats(call, state, core.workerId(), core.number(), nowNanos - core.sinceNanos()));
                    state = RequestStats.State.BEHIND;
                }
            }
        }
        for (Call call : dispatcher.calls()) {
            all.add(stats(call, RequestStats.State.WAITING, 0, -1, nowNanos - call.waitingSinceNanos()));
        }
        return all;
    }

    private static RequestStats stats(Call call, RequestStats.State state, int worker, int core, long nanos) {
        return new RequestStats(
                call.exchange().id(),
                call.exchange().request().method(),
                call.exchange().request().target(),
                state,
                worker,
                core,
                nanos / 1_000_000);
    }

    /** Ends the request of that id; returns whether there was one. */
    boolean kill(String id, long nowNanos) {
        for (Call call : dispatcher.calls()) {
            if (isLive(call, id)) {
                call.fail(killed());
                return true;
            }
        }
        for (WorkerLink worker : workers) {
            for (CoreLink link : worker.cores()) {
                Call call = find(link.core(), id);
                if (call != null) {
                    end(link, call, nowNanos);
                    return true;
                }
            }
        }
        return false;
    }

    private static void end(CoreLink link, Call call, long nowNanos) {
        if (call == link.core().head()) {
            link.kill(call, nowNanos);
        } else {
            call.fail(killed());
        }
    }

    private static @Nullable Call find(Core core, String id) {
        for (Call call : core.calls()) {
            if (isLive(call, id)) {
                return call;
            }
        }
        return null;
    }

    private static boolean isLive(Call call, String id) {
        return !call.exchange().ended() && call.exchange().id().equals(id);
    }

    /** What the client of a killed request gets. */
    static Failure killed() {
        return Failure.gateway(503, "killed", "The request was ended by the operator.");
    }

    /** Asks the worker of that number for its stacks; the answer is empty when there is none. */
    void trace(int number, Consumer<List<CoreTrace>> answer) {
        WorkerLink found = null;
        for (WorkerLink worker : workers) {
            // Of two with one number the later one is the replacement.
            if (worker.endpoint().id() == number && !worker.isOver()) {
                found = worker;
            }
        }
        CompletableFuture<List<CoreTrace>> all = CompletableFuture.completedFuture(List.of());
        for (CoreLink core : found == null ? List.<CoreLink>of() : found.cores()) {
            all = all.thenCombine(core.trace(), Interventions::appended);
        }
        var _ = all.thenAccept(answer);
    }

    private static List<CoreTrace> appended(List<CoreTrace> all, CoreTrace one) {
        List<CoreTrace> longer = new ArrayList<>(all);
        longer.add(one);
        return longer;
    }
}
