package io.juwsgi.router.upstream;

import io.juwsgi.spi.metric.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many answers took how long: buckets that grow by an eighth of a power of two, from a microsecond to over an hour, so
 * that a percentile is right to about a tenth. Thread-safe.
 */
final class LatencyHistogram {
    private static final int PER_POWER = 8;
    private static final int POWERS = 32;
    private static final double MICROS = 1e6;

    private final AtomicLongArray counts = new AtomicLongArray(PER_POWER * POWERS);
    private final LongAdder sum = new LongAdder();

    /** Adds an answer that took {@code nanos} nanoseconds. */
    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos) / 1000));
        sum.add(nanos);
    }

    /** Returns a new one with the answers of both. */
    LatencyHistogram plus(LatencyHistogram other) {
        LatencyHistogram both = new LatencyHistogram();
        for (int i = 0; i < counts.length(); i++) {
            both.counts.set(i, counts.get(i) + other.counts.get(i));
        }
        both.sum.add(sum.sum() + other.sum.sum());
        return both;
    }

    /** Returns it with fewer bounds, in seconds; an answer near one may be counted above it. */
    Histogram histogram(List<Double> bounds) {
        long[] fewer = new long[bounds.size() + 1];
        int to = 0;
        for (int i = 0; i < counts.length(); i++) {
            while (to < bounds.size() && upperBound(i) > bounds.get(to) * MICROS) {
                to++;
            }
            fewer[to] += counts.get(i);
        }
        return new Histogram(bounds, Arrays.stream(fewer).boxed().toList(), sum.sum() / (MICROS * 1000));
    }

    private static int bucket(long micros) {
        if (micros < PER_POWER) {
            return (int) micros;
        }
        int power = 63 - Long.numberOfLeadingZeros(micros);
        int eighth = (int) (micros >>> (power - 3)) & (PER_POWER - 1);
        return Math.min((power - 2) * PER_POWER + eighth, PER_POWER * POWERS - 1);
    }

    private static long upperBound(int bucket) {
        if (bucket < PER_POWER) {
            return bucket;
        }
        int power = bucket / PER_POWER + 2;
        return ((long) (bucket % PER_POWER + PER_POWER + 1) << (power - 3)) - 1;
    }

    /** Returns how many answers it has. */
    long count() {
        long total = 0;
        for (int i = 0; i < counts.length(); i++) {
            total += counts.get(i);
        }
        return total;
    }

    /** Returns the time in microseconds that this share of answers did not exceed; 0 before the first one. */
    long micros(double share) {
        long total = count();
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < counts.length() && total > 0; i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return upperBound(i);
            }
        }
        return 0;
    }
}
