package io.juwsgi.plugin.staticfiles;

import io.juwsgi.plugin.staticfiles.Lookup.Found;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at files of other machines on a few threads of its own. When such a machine is gone its clients get an answer after a
 * while, later ones at once, and nothing else waits. Thread-safe.
 */
final class RemoteLookups implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int WAITING = 256;
    private static final Failure BUSY = Failure.gateway(
            503, "static-busy", "The files of this server cannot be reached at the moment. Please try again.");
    private static final Failure SLOW =
            Failure.gateway(504, "static-slow", "The files of this server cannot be reached at the moment.");

    private final Duration patience;
    private final BiConsumer<Exchange, Found> answer;
    private final ThreadPoolExecutor threads;

    /**
     * Makes one without threads; they come when they are needed.
     *
     * @param patience how long a client waits
     * @param answer sends what was found, on the exchange's event loop
     */
    RemoteLookups(Duration patience, BiConsumer<Exchange, Found> answer) {
        this.patience = patience;
        this.answer = answer;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("juwsgi-static-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /** Searches, then answers, or hands on where nothing was found. */
    void look(Exchange exchange, Handler next, Supplier<@Nullable Found> search) {
        CompletableFuture<Optional<Found>> result = new CompletableFuture<>();
        try {
            threads.execute(() -> search(search, result));
        } catch (RejectedExecutionException e) {
            exchange.fail(BUSY);
            return;
        }
        var _ = result.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((found, slow) -> exchange.eventLoop().execute(() -> {
                    if (slow == null) {
                        finish(exchange, next, found);
                    } else {
                        exchange.fail(SLOW);
                    }
                }));
    }

    private static void search(Supplier<@Nullable Found> search, CompletableFuture<Optional<Found>> result) {
        Found found = null;
        try {
            found = search.get();
        } finally {
            if (!result.complete(Optional.ofNullable(found)) && found != null) {
                found.release();
            }
        }
    }

    private void finish(Exchange exchange, Handler next, Optional<Found> found) {
        if (found.isEmpty()) {
            next.handle(exchange);
        } else if (exchange.ended()) {
            found.get().release();
        } else {
            answer.accept(exchange, found.get());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
