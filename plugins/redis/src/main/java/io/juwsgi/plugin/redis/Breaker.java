package io.juwsgi.plugin.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls away from a server that fails: after some failures in a row nobody waits for it, but for one call now and then
 * that looks whether it is well again. Thread-safe.
 */
final class Breaker {
    /** So many failures in a row are no accident. */
    static final int FAILURES = 3;
    /** How often it is tried again. */
    static final long RETRY_NANOS = 1_000_000_000L;

    private final String what;
    private final String without;
    private final Logger logger;
    private final LongSupplier nanos;
    private int failures;
    private boolean open;
    private long nextTry;

    /**
     * Makes a closed one.
     *
     * @param what the subject of log lines, such as {@code reading from redis}
     */
    Breaker(String what, Logger logger, LongSupplier nanos) {
        this(what, "so the cache goes on without it", logger, nanos);
    }

    /**
     * Makes a closed one.
     *
     * @param without what happens without Redis, for log lines
     */
    Breaker(String what, String without, Logger logger, LongSupplier nanos) {
        this.what = what;
        this.without = without;
        this.logger = logger;
        this.nanos = nanos;
    }

    /** Makes a call, or says at once that it would fail. */
    <T> CompletionStage<T> call(Supplier<? extends CompletionStage<T>> call) {
        if (!admits()) {
            return CompletableFuture.failedStage(new UnavailableException("not asked, since it failed just now"));
        }
        try {
            return call.get().whenComplete((value, thrown) -> ended(thrown));
        } catch (RuntimeException e) {
            ended(e);
            return CompletableFuture.failedStage(e);
        }
    }

    private synchronized boolean admits() {
        if (!open) {
            return true;
        }
        long now = nanos.getAsLong();
        if (now - nextTry < 0) {
            return false;
        }
        nextTry = now + RETRY_NANOS;
        return true;
    }

    private void ended(@Nullable Throwable thrown) {
        if (thrown == null) {
            worked();
        } else {
            failed(thrown);
        }
    }

    private void worked() {
        boolean recovered;
        synchronized (this) {
            recovered = open;
            open = false;
            failures = 0;
        }
        if (recovered) {
            logger.log(Level.INFO, what + " works again");
        }
    }

    private void failed(Throwable thrown) {
        boolean opened;
        synchronized (this) {
            failures++;
            opened = !open && failures >= FAILURES;
            if (opened) {
                open = true;
                nextTry = nanos.getAsLong() + RETRY_NANOS;
            }
        }
        if (opened) {
            logger.log(Level.WARNING, what + " fails, " + without + ": " + reason(thrown));
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    /** There is no connection, or there was none just now. */
    static final class UnavailableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message) {
            super(message, null, false, false);
        }
    }
}
