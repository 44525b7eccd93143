package io.juwsgi.router.worker;

import io.juwsgi.router.spool.Buffering;
import java.time.Duration;

/**
 * How a worker pool treats its requests.
 *
 * @param harakiri how long the application may work on one request; zero for no limit
 * @param maxRequests after how many requests a worker is reported as worn; 0 for never
 * @param maxRequestsDelta how many more for each worker number, so that they do not wear out together
 * @param queueLimit how many requests may wait for a core before further ones are refused with 503
 * @param queueTimeout how long one may wait for a core before it is refused with 503; zero for no limit
 * @param harakiriMercy how long a core may take to come back after its request was interrupted
 * @param verbose whether the log says more about a request that ran into its deadline
 * @param buffering which bodies wait in the gateway, so that no core waits for a client
 */
public record PoolSettings(
        Duration harakiri,
        int maxRequests,
        int maxRequestsDelta,
        int queueLimit,
        Duration queueTimeout,
        Duration harakiriMercy,
        boolean verbose,
        Buffering buffering) {
    /** Enough to leave a Python function that does not catch everything. */
    public static final Duration DEFAULT_MERCY = Duration.ofSeconds(2);

    /** Enough for a burst of some seconds in front of a slow application, little enough to bound memory and despair. */
    public static final int DEFAULT_QUEUE_LIMIT = 1000;

    public PoolSettings {
        if (harakiri.isNegative()) {
            throw new IllegalArgumentException("harakiri: " + harakiri + " (expected: >= 0)");
        }
        if (maxRequests < 0) {
            throw new IllegalArgumentException("max-requests: " + maxRequests + " (expected: >= 0)");
        }
        if (maxRequestsDelta < 0) {
            throw new IllegalArgumentException("max-requests-delta: " + maxRequestsDelta + " (expected: >= 0)");
        }
        if (queueTimeout.isNegative()) {
            throw new IllegalArgumentException("queue-timeout: " + queueTimeout + " (expected: >= 0)");
        }
        if (!harakiriMercy.isPositive()) {
            throw new IllegalArgumentException("harakiri-graceful-timeout: " + harakiriMercy + " (expected: > 0)");
        }
        if (queueLimit < 1) {
            throw new IllegalArgumentException("queue-limit: " + queueLimit + " (expected: >= 1)");
        }
    }

    /** Makes settings in which requests may wait for ever. */
    PoolSettings(Duration harakiri, int maxRequests, int maxRequestsDelta, int queueLimit) {
        this(harakiri, maxRequests, maxRequestsDelta, queueLimit, Duration.ZERO, DEFAULT_MERCY, false, Buffering.off());
    }

    /** Returns these settings with other ones for bodies. */
    PoolSettings with(Buffering other) {
        return new PoolSettings(
                harakiri, maxRequests, maxRequestsDelta, queueLimit, queueTimeout, harakiriMercy, verbose, other);
    }

    /** Returns settings without deadline and wear. */
    public static PoolSettings defaults() {
        return new PoolSettings(Duration.ZERO, 0, 0, DEFAULT_QUEUE_LIMIT);
    }
}
