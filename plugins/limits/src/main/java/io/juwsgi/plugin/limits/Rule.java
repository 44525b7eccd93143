package io.juwsgi.plugin.limits;

import io.juwsgi.config.ConfigException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * One limit. Thread-safe.
 *
 * @param point the paths: empty for all, or not ending with a slash
 * @param burst how many at once
 * @param policy what the RateLimit-Policy field says of it
 */
record Rule(String name, String point, Rate rate, int burst, Subject subject, String policy, State state) {
    private static final long LONGEST = TimeUnit.DAYS.toNanos(366);

    /** What is carried over a reload. */
    record State(Buckets buckets, LongAdder passed, LongAdder refused) {
        State(int clients) {
            this(new Buckets(clients), new LongAdder(), new LongAdder());
        }
    }

    static Rule of(String name, String path, Rate rate, int burst, String by, State state) {
        int allowed = burst == 0 ? rate.count() : burst;
        if (allowed > LONGEST / rate.interval()) {
            throw new ConfigException("rate limit " + name + ": a burst of " + allowed
                    + " takes more than a year to come back (expected: a smaller burst, or a faster rate)");
        }
        long window = seconds(allowed * rate.interval());
        String point = path;
        while (point.endsWith("/")) {
            point = point.substring(0, point.length() - 1);
        }
        String policy = "\"" + name + "\";q=" + allowed + ";w=" + window;
        return new Rule(name, point, rate, allowed, Subject.parse(by), policy, state);
    }

    boolean counts(String path) {
        int length = point.length();
        return path.startsWith(point) && (length == 0 || path.length() == length || path.charAt(length) == '/');
    }

    /** Takes a token of a client; see {@link Buckets#take}. */
    long take(long client, long now) {
        long interval = rate.interval();
        long left = state.buckets().take(client, interval, burst * interval, now);
        (left < 0 ? state.refused() : state.passed()).increment();
        return left;
    }

    /** Returns what the RateLimit field says after {@link #take}. */
    String told(long left) {
        long interval = rate.interval();
        long tokens = left < 0 ? 0 : (burst * interval - left) / interval;
        return "\"" + name + "\";r=" + tokens + ";t=" + seconds(Math.abs(left));
    }

    /** Returns whole seconds, rounded up. */
    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, TimeUnit.SECONDS.toNanos(1));
    }
}
