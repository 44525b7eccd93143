package io.juwsgi.master;

import java.time.Duration;

/**
 * A point on the clock of {@link System#nanoTime}, which may be none.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Deadline {
    private boolean set;
    private long at;

    /** Sets it to {@code delay} after {@code now}. */
    void in(Duration delay, long now) {
        at = now + delay.toNanos();
        set = true;
    }

    /** Sets it to the same point as another. */
    void same(Deadline other) {
        at = other.at;
        set = other.set;
    }

    /** Sets it to {@code delay} after {@code now} unless it stands already, and earlier. */
    void atMost(Duration delay, long now) {
        if (nanosFrom(now) > delay.toNanos()) {
            in(delay, now);
        }
    }

    /** Sets it to {@code delay} after {@code now} unless it stands already, and later. */
    void atLeast(Duration delay, long now) {
        if (!set || at - now < delay.toNanos()) {
            in(delay, now);
        }
    }

    void clear() {
        set = false;
    }

    boolean isSet() {
        return set;
    }

    boolean passed(long now) {
        return set && at - now <= 0;
    }

    /** Returns how long it is until then: {@link Long#MAX_VALUE} when there is none, never below 0. */
    long nanosFrom(long now) {
        return set ? Math.max(0, at - now) : Long.MAX_VALUE;
    }
}
