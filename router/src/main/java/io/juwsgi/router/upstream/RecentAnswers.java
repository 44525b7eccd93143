package io.juwsgi.router.upstream;

import java.util.concurrent.atomic.LongAdder;

/** What an endpoint did in the last {@value #PERIOD} to twice as many nanoseconds. Thread-safe; adding takes no lock. */
final class RecentAnswers {
    static final long PERIOD = 5_000_000_000L;

    private static final class Period {
        private final LongAdder answers = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LatencyHistogram latencies = new LatencyHistogram();
    }

    private volatile Period before = new Period();
    private volatile Period now = new Period();
    private volatile long ends;

    /**
     * What it did.
     *
     * @param requests how many it answered or failed
     * @param failures how many it failed
     * @param medianMicros half of its answers began within this time, in microseconds; 0 without answers
     */
    record Summary(long requests, long failures, long medianMicros) {
        /** Returns the share of requests that failed, 0 to 1. */
        double failureShare() {
            return requests == 0 ? 0 : (double) failures / requests;
        }
    }

    RecentAnswers(long nanoTime) {
        ends = nanoTime + PERIOD;
    }

    /** An answer was as it should be. */
    void succeeded() {
        now.answers.increment();
    }

    /** A request failed. */
    void failed() {
        now.failures.increment();
    }

    /** An answer began so long after its request. */
    void took(long nanos) {
        now.latencies.add(nanos);
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
        long failures = late.failures.sum() + early.failures.sum();
        long answers = late.answers.sum() + early.answers.sum();
        long median = late.latencies.plus(early.latencies).micros(0.5);
        return new Summary(failures + answers, failures, median);
    }

    /** Forgets everything: what comes is another time. */
    void clear() {
        before = new Period();
        now = new Period();
    }
}
