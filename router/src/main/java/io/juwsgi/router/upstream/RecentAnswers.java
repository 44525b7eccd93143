package io.juwsgi.router.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What an endpoint did in the last {@value #PERIOD} to twice as many nanoseconds. Thread-safe; adding takes no lock. */
final class RecentAnswers {
    static final long PERIOD = 5_000_000_000L;

    private static final class Period {
        private final LongAdder failures = new LongAdder();
        /** Of answers that were as they should be: errors are told quickly, and say nothing of how long work takes. */
        private final LatencyHistogram latencies = new LatencyHistogram();
    }

    private volatile Period before = new Period();
    private volatile Period now = new Period();
    private volatile long ends;

    /**
     * What it did.
     *
     * @param answers how many it answered as it should
     * @param failures how many it failed
     * @param medianMicros half of those answers began within this time, in microseconds; 0 without answers
     */
    record Summary(long answers, long failures, long medianMicros) {
        long requests() {
            return answers + failures;
        }

        /** Returns the share of requests that failed, 0 to 1. */
        double failureShare() {
            return requests() == 0 ? 0 : (double) failures / requests();
        }
    }

    RecentAnswers(long nanoTime) {
        ends = nanoTime + PERIOD;
    }

    /** An answer that was as it should be began so long after its request. */
    void succeeded(long tookNanos) {
        now.latencies.add(tookNanos);
    }

    /** A request failed. */
    void failed() {
        now.failures.increment();
    }

    /** Looks back, and forgets what is too old; called again and again, by one thread at a time. */
    Summary look(long nanoTime) {
        if (nanoTime - ends >= 0) {
            before = nanoTime - ends >= PERIOD ? new Period() : now;
            now = new Period();
            ends = nanoTime + PERIOD;
        }
        Period late = now;
        Period early = before;
        LatencyHistogram latencies = late.latencies.plus(early.latencies);
        return new Summary(latencies.count(), late.failures.sum() + early.failures.sum(), latencies.micros(0.5));
    }

    /** Forgets everything: what comes is another time. */
    void clear() {
        before = new Period();
        now = new Period();
    }
}
