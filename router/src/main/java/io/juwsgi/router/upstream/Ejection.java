package io.juwsgi.router.upstream;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether an endpoint rests because it failed again and again, or did worse than the others: for a while that doubles each time, as
 * long as not too many of its upstream rest already. Thread-safe.
 */
final class Ejection {
    /** The longest rest, as a multiple of the first one. */
    private static final int LONGEST = 32;

    /**
     * A rest.
     *
     * @param reason the word for why
     * @param atMillis when it began, in milliseconds since 1970
     * @param nanos how long it is
     */
    record Rest(String reason, long atMillis, long nanos) {}

    private final int maxFails;
    private final long firstNanos;
    private final BooleanSupplier allowed;
    private final Reasons reasons = new Reasons();
    private int inARow;
    private int times;
    private long total;
    private volatile boolean resting;
    private volatile long until;
    /** When one of the times is forgotten, if all is well by then. */
    private volatile long forgetAt;

    private volatile @Nullable Rest last;

    /**
     * Makes one for an endpoint that is well.
     *
     * @param maxFails failures in a row that make it rest, 0 for never
     * @param firstNanos the first rest
     * @param allowed whether one more of the upstream may rest; the same for all endpoints of the upstream, and locked for each decision
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
        boolean news = inARow != 0 || resting || (times != 0 && nanoTime - forgetAt >= 0);
        return news && !resting(nanoTime) && recovered(nanoTime);
    }

    private synchronized boolean recovered(long nanoTime) {
        boolean back = resting;
        inARow = 0;
        resting = false;
        // One that flaps answers between its failures: each time is held against it for as long as the first rest is.
        if (times > 0 && nanoTime - forgetAt >= 0) {
            times--;
            forgetAt = nanoTime + firstNanos;
        }
        return back;
    }

    /** It failed; returns the rest that begins now, if it does. */
    synchronized Optional<Rest> failed(long nanoTime, String why) {
        inARow++;
        return maxFails == 0 || inARow < maxFails ? Optional.empty() : rest(nanoTime, why);
    }

    /** It is to rest; returns the rest that begins now, if it does. */
    synchronized Optional<Rest> rest(long nanoTime, String reason) {
        long nanos = firstNanos * Math.min(LONGEST, 1L << Math.min(times, 5));
        // Two that fail at the same moment, on two event loops, must not both be the last that may rest.
        synchronized (allowed) {
            if (resting(nanoTime) || !allowed.getAsBoolean()) {
                return Optional.empty();
            }
            until = nanoTime + nanos;
            resting = true;
        }
        times++;
        total++;
        forgetAt = until + firstNanos;
        reasons.count(reason);
        Rest begun = new Rest(reason, System.currentTimeMillis(), nanos);
        last = begun;
        return Optional.of(begun);
    }

    /** Returns how often it began to rest. */
    synchronized long total() {
        return total;
    }

    /** Returns how often, by reason. */
    Map<String, Long> reasons() {
        return reasons.counts();
    }

    /** Returns the last rest; empty when there was none. */
    Optional<Rest> last() {
        return Optional.ofNullable(last);
    }
}
