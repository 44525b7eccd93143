package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/**
 * How the number of workers follows the load.
 *
 * @param least the smallest number; 0 when it does not follow the load at all
 * @param initial the number at start
 * @param step how many are added at a time
 * @param overload how long there must be too much or too little to do
 * @param algorithm what decides
 * @param busyness the limits of that algorithm
 * @param rssSoft the bytes of all workers above which none is added, 0 for no limit
 * @param rssHard the bytes of all workers above which one is taken away, 0 for no limit
 * @param cheap whether the first worker waits for the first request
 * @param idle after how long without a request all workers stop; zero for never
 * @param dieOnIdle whether the server stops then
 */
record Elastic(
        int least,
        int initial,
        int step,
        Duration overload,
        Algorithm algorithm,
        Busyness busyness,
        long rssSoft,
        long rssHard,
        boolean cheap,
        Duration idle,
        boolean dieOnIdle) {
    /** What decides about the number of workers. */
    enum Algorithm {
        /** One worker more than those that have something to do. */
        SPARE,
        /** As many as it takes that no request waits. */
        BACKLOG,
        /** As many as it takes that each works for a good part of the time. */
        BUSYNESS,
        /** Somebody else, with TTIN, TTOU and master-fifo. */
        MANUAL
    }

    /** The limits of {@link Algorithm#BUSYNESS}: two percentages, a number of rounds, a number of requests, and more rounds. */
    record Busyness(int max, int min, int rounds, int alert, int penalty) {
        static final Busyness DEFAULT = new Busyness(50, 25, 10, 33, 2);
    }

    /** Returns that of so many workers, whatever there is to do. */
    static Elastic fixed(int processes) {
        return new Elastic(
                0,
                processes,
                1,
                Duration.ofSeconds(3),
                Algorithm.SPARE,
                Busyness.DEFAULT,
                0,
                0,
                false,
                Duration.ZERO,
                false);
    }

    static Elastic of(Settings settings, int processes) {
        int least = Recycling.atLeastZero(settings, ElasticOptions.CHEAPER);
        if (least >= processes && least > 0) {
            throw new ConfigException("cheaper: " + least + " (expected: less than processes, " + processes + ")");
        }
        int asked = settings.get(ElasticOptions.INITIAL);
        if (settings.has(ElasticOptions.INITIAL) && (asked < least || asked > processes)) {
            throw new ConfigException("cheaper-initial: " + asked + " (expected: " + least + " to " + processes + ")");
        }
        int usual = least == 0 ? processes : least;
        return new Elastic(
                least,
                least == 0 || !settings.has(ElasticOptions.INITIAL) ? usual : asked,
                Math.max(1, settings.get(ElasticOptions.STEP)),
                Recycling.seconds(settings, ElasticOptions.OVERLOAD),
                algorithm(settings.get(ElasticOptions.ALGORITHM).orElse("spare")),
                new Busyness(
                        settings.get(ElasticOptions.BUSYNESS_MAX),
                        settings.get(ElasticOptions.BUSYNESS_MIN),
                        settings.get(ElasticOptions.BUSYNESS_MULTIPLIER),
                        settings.get(ElasticOptions.BACKLOG_ALERT),
                        settings.get(ElasticOptions.BUSYNESS_PENALTY)),
                Recycling.atLeastZero(settings, ElasticOptions.RSS_SOFT),
                Recycling.atLeastZero(settings, ElasticOptions.RSS_HARD),
                settings.get(ElasticOptions.CHEAP),
                Recycling.seconds(settings, ElasticOptions.IDLE),
                settings.get(ElasticOptions.DIE_ON_IDLE));
    }

    private static Algorithm algorithm(String name) {
        return Arrays.stream(Algorithm.values())
                .filter(a -> a.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "cheaper-algo: " + name + " (expected: spare, backlog, busyness or manual)"));
    }

    /** Returns whether anything is to be looked at. */
    boolean follows() {
        return least > 0 || cheap || idle.isPositive();
    }
}
