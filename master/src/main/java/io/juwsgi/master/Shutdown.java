package io.juwsgi.master;

import io.juwsgi.processes.Deadline;
import io.juwsgi.spi.worker.WorkerGroup;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * How far the stop of the server has come.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Shutdown {
    private enum Stage {
        RUNNING,
        HOOK,
        WORKERS,
        ZYGOTES,
        DONE
    }

    private final PlaneContext context;
    private final Generations generations;
    private final Supplier<? extends CompletionStage<?>> hook;
    /** The end of the mercy; later, of the wait for the last lines. */
    private final Deadline deadline = new Deadline();

    private Stage stage = Stage.RUNNING;
    private StopMode mode = StopMode.GRACEFUL;
    private boolean hookDone;
    private int exitCode;

    Shutdown(PlaneContext context, Generations generations, Supplier<? extends CompletionStage<?>> hook) {
        this.context = context;
        this.generations = generations;
        this.hook = hook;
    }

    /** Takes a wish to stop; a further one may shorten the mercy, never lengthen it. */
    void asked(StopMode wish, long now) {
        StopMode effective = wish == StopMode.QUICK && !isRunning() && mode == StopMode.QUICK ? StopMode.NOW : wish;
        if (isRunning()) {
            mode = effective;
            deadline.in(grace(effective), now);
            begin();
        } else if (effective.compareTo(mode) > 0) {
            mode = effective;
            if (stage == Stage.HOOK) {
                deadline.atMost(grace(effective), now);
            }
            if (stage == Stage.WORKERS) {
                letGo(grace(effective), now);
            }
        }
    }

    private void letGo(Duration mercy, long now) {
        generations.retireAll(mercy, now);
        if (mode == StopMode.NOW) {
            generations.killAll(now);
        }
    }

    /** Stops because the application cannot be loaded. */
    void abort(int code, long now) {
        if (isRunning()) {
            exitCode = code;
            asked(StopMode.QUICK, now);
        }
    }

    private Duration grace(StopMode wish) {
        return switch (wish) {
            case GRACEFUL -> generations.context().plan().mercy();
            case QUICK ->
                shorter(
                        context.timings().quickGrace(),
                        generations.context().plan().mercy());
            case NOW -> Duration.ZERO;
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void begin() {
        stage = Stage.HOOK;
        try {
            hook.get().whenComplete((done, failure) -> {
                if (failure != null) {
                    context.log().line("stop hook failed: " + failure);
                }
                context.events().accept(new MasterEvent.HookDone());
            });
        } catch (RuntimeException e) {
            context.log().line("stop hook failed: " + e);
            hookDone = true;
        }
    }

    void hookDone() {
        hookDone = true;
    }

    /** Goes as far as it can. */
    void settle(long now) {
        if (stage == Stage.HOOK && (hookDone || deadline.passed(now))) {
            stage = Stage.WORKERS;
            context.group().state(WorkerGroup.State.UNAVAILABLE);
            letGo(Duration.ofNanos(deadline.nanosFrom(now)), now);
            deadline.clear();
        }
        if (stage == Stage.WORKERS && generations.allEmpty()) {
            stage = Stage.ZYGOTES;
            // Each zygote has its own deadline; the last one is for the lines that are still on their way, or for a
            // process that even SIGKILL does not end.
            deadline.in(context.timings().exitGrace().plus(context.timings().outputPatience()), now);
        }
        if (stage == Stage.ZYGOTES && (generations.allSilent() || deadline.passed(now))) {
            stage = Stage.DONE;
            deadline.clear();
        }
    }

    boolean isRunning() {
        return stage == Stage.RUNNING;
    }

    /** Returns whether workers and zygotes are still started. */
    boolean startsProcesses() {
        return stage == Stage.RUNNING || stage == Stage.HOOK;
    }

    boolean isDone() {
        return stage == Stage.DONE;
    }

    int exitCode() {
        return exitCode;
    }

    long nanosToDeadline(long now) {
        return deadline.nanosFrom(now);
    }
}
