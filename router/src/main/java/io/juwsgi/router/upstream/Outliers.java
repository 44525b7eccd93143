package io.juwsgi.router.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds endpoints that do worse than the others of their upstream: of whose requests too many fail, although never so many in a
 * row, or whose answers take several times as long. Where all are alike nobody is an outlier: then it is the application, or what
 * it needs. Owned by one event loop.
 */
final class Outliers {
    /** With fewer requests, or answers, nothing is known of an endpoint. */
    private static final long LEAST_REQUESTS = 20;

    /** Nobody has too many failures who has less than so many times the share of the others. */
    private static final double WORSE = 2;

    /** With fewer others nobody knows what is usual. */
    private static final int LEAST_OTHERS = 2;

    /** Whose answers begin within this time is quick enough, in microseconds. */
    private static final long QUICK = 10_000;

    /**
     * One that does worse.
     *
     * @param reason the word for it
     * @param detail for the log
     */
    record Outlier(UpstreamEndpoint endpoint, String reason, String detail) {}

    private final int errorShare;
    private final int slowTimes;

    /**
     * Makes one.
     *
     * @param errorShare from which share of failed requests on an endpoint is one, in per cent; 0 for never
     * @param slowTimes how many times as long as usual its answers take; 0 for never
     */
    Outliers(int errorShare, int slowTimes) {
        this.errorShare = errorShare;
        this.slowTimes = slowTimes;
    }

    /** Returns those that do worse than the others, of those that are given requests. */
    List<Outlier> find(List<UpstreamEndpoint> all, long nanoTime) {
        Map<UpstreamEndpoint, RecentAnswers.Summary> known = new HashMap<>();
        for (UpstreamEndpoint one : all) {
            RecentAnswers.Summary summary = one.recent().look(nanoTime);
            if (one.available(nanoTime) && !one.draining() && summary.requests() >= LEAST_REQUESTS) {
                known.put(one, summary);
            }
        }
        List<Outlier> found = new ArrayList<>();
        known.forEach((one, summary) -> {
            if (failsMore(one, summary, known)) {
                found.add(new Outlier(
                        one,
                        "error-share",
                        summary.failures() + " of the last " + summary.requests() + " requests failed"));
            } else {
                slower(one, summary, known, found);
            }
        });
        return found;
    }

    private boolean failsMore(
            UpstreamEndpoint one, RecentAnswers.Summary summary, Map<UpstreamEndpoint, RecentAnswers.Summary> known) {
        if (errorShare == 0 || summary.failures() * 100 < errorShare * summary.requests()) {
            return false;
        }
        long requests = 0;
        long failures = 0;
        for (Map.Entry<UpstreamEndpoint, RecentAnswers.Summary> other : known.entrySet()) {
            if (!other.getKey().equals(one)) {
                requests += other.getValue().requests();
                failures += other.getValue().failures();
            }
        }
        double usual = requests == 0 ? 1 : (double) failures / requests;
        return summary.failureShare() >= WORSE * usual;
    }

    private void slower(
            UpstreamEndpoint one,
            RecentAnswers.Summary summary,
            Map<UpstreamEndpoint, RecentAnswers.Summary> known,
            List<Outlier> found) {
        long own = summary.medianMicros();
        if (slowTimes == 0 || own < QUICK) {
            return;
        }
        long[] others = known.entrySet().stream()
                .filter(other -> !other.getKey().equals(one))
                .mapToLong(other -> other.getValue().medianMicros())
                .sorted()
                .toArray();
        if (others.length >= LEAST_OTHERS && own > slowTimes * Math.max(1, others[(others.length - 1) / 2])) {
            found.add(new Outlier(
                    one,
                    "slow",
                    "half of its answers took " + own / 1000 + " ms or more, those of others "
                            + others[(others.length - 1) / 2] / 1000 + " ms"));
        }
    }
}
