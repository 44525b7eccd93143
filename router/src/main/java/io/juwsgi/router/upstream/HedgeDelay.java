package io.juwsgi.router.upstream;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a request waits for its answer before another endpoint is asked too: a time, or the time within which a share of late
 * answers began. Thread-safe.
 */
final class HedgeDelay {
    private static final Pattern PERCENTILE = Pattern.compile("p([1-9][0-9]?(?:\\.[0-9])?)");
    private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,6})(ms|s)");

    /** Answers older than two of these are forgotten. */
    private static final long PERIOD = 10_000_000_000L;

    /** How often a percentile is looked up. */
    private static final long REFRESH = 250_000_000L;

    /** With fewer answers nothing is known of a percentile. */
    private static final long LEAST_ANSWERS = 50;

    /** Below this a second try is rather a waste than a help. */
    private static final long LEAST = 1_000_000;

    private final long fixed;
    private final double share;
    private LatencyHistogram before = new LatencyHistogram();
    private volatile LatencyHistogram now = new LatencyHistogram();
    private volatile long periodEnds;
    private volatile long refreshAt;
    private volatile long known = -1;

    private HedgeDelay(long fixed, double share, long nanoTime) {
        this.fixed = fixed;
        this.share = share;
        this.periodEnds = nanoTime + PERIOD;
        this.refreshAt = nanoTime;
    }

    /**
     * Reads {@code off}, a time such as {@code 50ms}, or a percentile such as {@code p95}.
     *
     * @throws IllegalArgumentException when it is none of these
     */
    static HedgeDelay parse(String text, long nanoTime) {
        Matcher time = TIME.matcher(text);
        Matcher percentile = PERCENTILE.matcher(text);
        if (text.equals("off")) {
            return new HedgeDelay(-1, 0, nanoTime);
        }
        if (time.matches()) {
            long number = Long.parseLong(time.group(1));
            Duration delay = time.group(2).equals("s") ? Duration.ofSeconds(number) : Duration.ofMillis(number);
            return new HedgeDelay(delay.toNanos(), 0, nanoTime);
        }
        if (percentile.matches()) {
            return new HedgeDelay(0, Double.parseDouble(percentile.group(1)) / 100, nanoTime);
        }
        throw new IllegalArgumentException("hedge: " + text + " (expected: off, a time such as 50ms, or such as p95)");
    }

    /** Returns the delay in nanoseconds, -1 for no second try. */
    long nanos(long nanoTime) {
        if (share == 0) {
            return fixed;
        }
        if (nanoTime - refreshAt >= 0) {
            refresh(nanoTime);
        }
        return known;
    }

    private synchronized void refresh(long nanoTime) {
        if (nanoTime - refreshAt < 0) {
            return;
        }
        refreshAt = nanoTime + REFRESH;
        LatencyHistogram current = now;
        LatencyHistogram looked = current.count() >= LEAST_ANSWERS ? current : before;
        known = looked.count() < LEAST_ANSWERS ? -1 : Math.max(LEAST, looked.micros(share) * 1000);
        if (nanoTime - periodEnds >= 0) {
            periodEnds = nanoTime + PERIOD;
            before = current;
            now = new LatencyHistogram();
        }
    }

    /** An answer began, so long after its request was sent. */
    void answered(long tookNanos) {
        if (share > 0) {
            now.add(tookNanos);
        }
    }
}
