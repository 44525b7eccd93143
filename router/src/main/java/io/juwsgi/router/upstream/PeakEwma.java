package io.juwsgi.router.upstream;

/**
 * A moving average of latencies that follows a rise at once and forgets it over {@link #DECAY}. Thread-safe; updates of
 * several event loops at the same moment are taken one after the other.
 */
final class PeakEwma {
    /** After this time two thirds of an old value are forgotten, in nanoseconds. */
    private static final double DECAY = 10e9;

    private double value;
    private long stamp;

    /** Adds a latency in nanoseconds, measured at {@code nanoTime}. */
    synchronized void add(long nanos, long nanoTime) {
        if (stamp == 0 || nanos > value) {
            value = nanos;
        } else {
            double kept = Math.exp(-Math.max(0, nanoTime - stamp) / DECAY);
            value = value * kept + nanos * (1 - kept);
        }
        stamp = nanoTime;
    }

    /** Returns the average in nanoseconds as of {@code nanoTime}: without news it sinks, so that a slow one is tried again. */
    synchronized long value(long nanoTime) {
        return stamp == 0 ? 0 : (long) (value * Math.exp(-Math.max(0, nanoTime - stamp) / DECAY));
    }
}
