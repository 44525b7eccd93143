package io.juwsgi.loadbalancer.discovery;

import java.time.Duration;

/**
 * How often somebody looks.
 *
 * @param least the shortest time from one look to the next
 * @param most the longest one
 */
record Pace(Duration least, Duration most) {
    /** Enough for any ratio of the two; more would overflow. */
    private static final int MOST_DOUBLINGS = 16;

    /** Makes one that is always the same. */
    static Pace every(Duration interval) {
        return new Pace(interval, interval);
    }

    /** Returns when to look again at what is true for that long. */
    Duration within(Duration validFor) {
        if (validFor.compareTo(most) >= 0) {
            return most;
        }
        return validFor.compareTo(least) > 0 ? validFor : least;
    }

    /** Returns when to try again: soon at first, then after twice the time. */
    Duration afterTroubles(int before) {
        return within(least.multipliedBy(1L << Math.min(before, MOST_DOUBLINGS)));
    }
}
