package io.juwsgi.router;

import io.juwsgi.router.exchange.LoopContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The orderly end of all connections. */
final class Drain {
    private static final long LOOK_MILLIS = 20;

    private final List<LoopContext> loops;
    private final AtomicInteger busyLoops;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile long idleUntil;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Drain(List<LoopContext> loops) {
        this.loops = loops;
        this.busyLoops = new AtomicInteger(loops.size());
    }

    /**
     * Begins, once; returns the end of it.
     *
     * @param patience how long an idle connection may still send a request, with whose answer it is closed
     */
    CompletionStage<Void> begin(Duration mercy, Duration patience) {
        if (begun.compareAndSet(false, true)) {
            idleUntil = System.nanoTime() + patience.toNanos();
            var _ = done.completeOnTimeout(null, mercy.toMillis(), TimeUnit.MILLISECONDS);
            for (LoopContext loop : loops) {
                loop.eventLoop().execute(() -> look(loop));
            }
        }
        return done.minimalCompletionStage();
    }

    // Repeated, since a connection may have been accepted just before the listener was closed.
    private void look(LoopContext loop) {
        boolean patient = System.nanoTime() - idleUntil < 0;
        loop.snapshot().forEach(connection -> connection.drain(patient));
        if (loop.connections() == 0) {
            if (busyLoops.decrementAndGet() == 0) {
                done.complete(null);
            }
        } else if (!done.isDone()) {
            var _ = loop.eventLoop().schedule(() -> look(loop), LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
