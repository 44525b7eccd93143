package io.juwsgi.processes;

import java.time.Duration;

/**
 * A point on the clock of {@link System#nanoTime}, which may be none.
 *
 * <p>Mutable; owned by one thread.
 */
public final class Deadline {
    private boolean set;
    private long at;

    /** Sets it to {@code delay} after {@code now}. */
    public void in(Duration delay, long now) {
        at = now + delay.toNanos();
        set = true;
    }

    /** Sets it to the same point as another. */
    public void same(Deadline other) {
        at = other.at;
        set = other.set;
    }

    /** Sets it to {@code delay} after {@code now} unless it stands already, and earlier. */
    public void atMost(Duration delay, long now) {
        if (nanosFrom(now) > delay.toNanos()) {
            in(delay, now);
        }
    }

    /** Sets it to {@code delay} after {@code now} unless it stands already, and later. */
    public void atLeast(Duration delay, long now) {
        if (!set || at - now < delay.toNanos()) {
            in(delay, now);
        }
    }

    /** Makes it none. */
    public void clear() {
        set = false;
    }

    /** Returns whether there is one. */
    public boolean isSet() {
        return set;
    }

    /** Returns whether there is one and {@code now} is not before it. */
    public boolean passed(long now) {
        return set && at - now <= 0;
    }

    /** Returns how long it is until then: {@link Long#MAX_VALUE} when there is none, never below 0. */
    public long nanosFrom(long now) {
        return set ? Math.max(0, at - now) : Long.MAX_VALUE;
    }
}
