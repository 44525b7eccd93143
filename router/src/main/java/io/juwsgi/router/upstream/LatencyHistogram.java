package io.juwsgi.router.upstream;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many answers took how long: buckets that grow by an eighth of a power of two, from a microsecond to over an hour, so
 * that a percentile is right to about a tenth. Thread-safe.
 */
final class LatencyHistogram {
    private static final int PER_POWER = 8;
    private static final int POWERS = 32;

    private final AtomicLongArray counts = new AtomicLongArray(PER_POWER * POWERS);

    /** Adds an answer that took {@code nanos} nanoseconds. */
    void add(long nanos) {
        counts.incrementAndGet(bucket(Math.max(0, nanos) / 1000));
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
