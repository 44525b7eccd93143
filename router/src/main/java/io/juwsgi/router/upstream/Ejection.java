package io.juwsgi.router.upstream;

import java.util.function.BooleanSupplier;

/**
 * Whether an endpoint rests because it failed again and again: for a while that doubles each time, as long as not too many
 * of its upstream rest already. Thread-safe.
 */
final class Ejection {
    /** The longest rest, as a multiple of the first one. */
    private static final int LONGEST = 32;

    private final int maxFails;
    private final long firstNanos;
    private final BooleanSupplier allowed;
    private int inARow;
    private int times;
    private long total;
    private volatile boolean resting;
    private volatile long until;

    /**
     * Makes one for an endpoint that is well.
     *
     * @param maxFails failures in a row that make it rest, 0 for never
     * @param firstNanos the first rest
     * @param allowed whether one more of the upstream may rest
     */
    Ejection(int maxFails, long firstNanos, BooleanSupplier allowed) {
        this.maxFails = maxFails;
        this.firstNanos = firstNanos;
        this.allowed = allowed;
    }

    /** Returns whether it rests. */
    boolean resting(long nanoTime) {
        return resting && until - nanoTime > 0;
    }

    /** It answered; returns whether it is back from a rest by that. An answer to what it was given before counts for nothing. */
    boolean succeeded(long nanoTime) {
        return (inARow != 0 || times != 0) && !resting(nanoTime) && recovered();
    }

    private synchronized boolean recovered() {
        boolean back = resting;
        inARow = 0;
        resting = false;
        times = Math.max(0, times - 1);
        return back;
    }

    /** It failed; returns the length of the rest that begins now in nanoseconds, 0 for none. */
    synchronized long failed(long nanoTime) {
        inARow++;
        if (maxFails == 0 || inARow < maxFails || resting(nanoTime) || !allowed.getAsBoolean()) {
            return 0;
        }
        long rest = firstNanos * Math.min(LONGEST, 1L << Math.min(times, 5));
        times++;
        total++;
        until = nanoTime + rest;
        resting = true;
        return rest;
    }

    /** Returns how often it began to rest. */
    synchronized long total() {
        return total;
    }
}
