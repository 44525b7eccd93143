package io.juwsgi.processes;

import java.time.Duration;

/**
 * How long to wait before something that ended is started again: not at all the first time, then longer and longer while
 * it goes on ending soon.
 *
 * <p>Mutable; owned by one thread.
 */
public final class Backoff {
    private final Duration stable;
    private final Duration unit;
    private final Duration limit;
    private int soon;

    /**
     * Makes a back-off.
     *
     * @param stable what has lived for this long has not crashed in a loop
     * @param unit the first delay; each further one is twice as long
     * @param limit the longest delay
     */
    public Backoff(Duration stable, Duration unit, Duration limit) {
        this.stable = stable;
        this.unit = unit;
        this.limit = limit;
    }

    /** Takes note of an end and returns the delay before the next start. */
    public Duration ended(Duration lived) {
        if (lived.compareTo(stable) >= 0) {
            soon = 0;
        }
        return delay(soon++);
    }

    private Duration delay(int before) {
        if (before == 0) {
            return Duration.ZERO;
        }
        // Past 2^20 units every limit is reached.
        Duration delay = unit.multipliedBy(1L << Math.min(before - 1, 20));
        return delay.compareTo(limit) > 0 ? limit : delay;
    }
}
