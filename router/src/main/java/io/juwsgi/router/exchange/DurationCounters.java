package io.juwsgi.router.exchange;

import io.juwsgi.spi.metric.Histogram;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;

/** How many exchanges took how long. Any thread may add and read. */
final class DurationCounters {
    private static final double NANOS = 1e9;

    /** In seconds: an answer from a cache is below the first, one that somebody notices above the middle. */
    private static final double[] BOUNDS = {
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private static final long[] BOUND_NANOS = DoubleStream.of(BOUNDS)
            .mapToLong(bound -> Math.round(bound * NANOS))
            .toArray();

    private final LongAdder[] counts = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    DurationCounters() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    /** Adds one; most are in the first buckets, so that the search is short. */
    void add(long duration) {
        int bucket = 0;
        while (bucket < BOUND_NANOS.length && duration > BOUND_NANOS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        nanos.add(duration);
    }

    /** Returns what was added so far, in seconds. */
    Histogram histogram() {
        return new Histogram(
                Arrays.stream(BOUNDS).boxed().toList(),
                Arrays.stream(counts).map(LongAdder::sum).toList(),
                nanos.sum() / NANOS);
    }
}
