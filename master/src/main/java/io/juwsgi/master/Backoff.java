package io.juwsgi.master;

import java.time.Duration;

/**
 * How long to wait before something that ended is started again: not at all the first time, then longer and longer while
 * it goes on ending soon.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Backoff {
    private final Timings timings;
    private int soon;

    Backoff(Timings timings) {
        this.timings = timings;
    }

    /** Takes note of an end and returns the delay before the next start. */
    Duration ended(Duration lived) {
        if (lived.compareTo(timings.stable()) >= 0) {
            soon = 0;
        }
        return delay(soon++);
    }

    private Duration delay(int before) {
        if (before == 0) {
            return Duration.ZERO;
        }
        // Past 2^20 units every limit is reached.
        Duration delay = timings.backoffUnit().multipliedBy(1L << Math.min(before - 1, 20));
        return delay.compareTo(timings.backoffLimit()) > 0 ? timings.backoffLimit() : delay;
    }
}
