package io.juwsgi.router.upstream;

import java.util.ArrayList;
import java.util.Comparator;
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

    /**
     * Returns those that do worse than the others, of those that are given requests: first those that fail, then those that are slow,
     * the worst first, since not all of them may rest.
     */
    List<Outlier> find(List<UpstreamEndpoint> all, long nanoTime) {
        Map<UpstreamEndpoint, RecentAnswers.Summary> known = look(all, nanoTime);
        List<Outlier> found = new ArrayList<>(failing(known));
        found.forEach(one -> known.remove(one.endpoint()));
        found.addAll(slow(known));
        return found;
    }

    private static Map<UpstreamEndpoint, RecentAnswers.Summary> look(List<UpstreamEndpoint> all, long nanoTime) {
        Map<UpstreamEndpoint, RecentAnswers.Summary> known = new HashMap<>();
        for (UpstreamEndpoint one : all) {
            RecentAnswers.Summary summary = one.recent().look(nanoTime);
            if (!one.available(nanoTime)) {
                // What is still under way when a rest begins ends during it, and is no reason for the next one.
                one.recent().clear();
            } else if (!one.draining() && summary.requests() >= LEAST_REQUESTS) {
                known.put(one, summary);
            }
        }
        return known;
    }

    private List<Outlier> failing(Map<UpstreamEndpoint, RecentAnswers.Summary> known) {
        List<Map.Entry<UpstreamEndpoint, RecentAnswers.Summary>> worse = new ArrayList<>();
        for (Map.Entry<UpstreamEndpoint, RecentAnswers.Summary> one : known.entrySet()) {
            if (failsMore(one.getKey(), one.getValue(), known)) {
                worse.add(one);
            }
        }
        worse.sort(Comparator.comparingDouble(one -> -one.getValue().failureShare()));
        return worse.stream()
                .map(one -> new Outlier(
                        one.getKey(),
                        "error-share",
                        one.getValue().failures() + " of the last "
                                + one.getValue().requests() + " requests failed"))
                .toList();
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

    private List<Outlier> slow(Map<UpstreamEndpoint, RecentAnswers.Summary> known) {
        if (slowTimes == 0) {
            return List.of();
        }
        // Who has hardly answered has no usual time; who only fails must not make the others look slow.
        List<Map.Entry<UpstreamEndpoint, RecentAnswers.Summary>> quickest = known.entrySet().stream()
                .filter(one -> one.getValue().answers() >= LEAST_REQUESTS)
                .sorted(Comparator.comparingLong(one -> one.getValue().medianMicros()))
                .toList();
        if (quickest.size() <= LEAST_OTHERS) {
            return List.of();
        }
        List<Outlier> found = new ArrayList<>();
        // The median of the others, for each that is above it.
        int middle = (quickest.size() - 2) / 2;
        long usual = quickest.get(middle).getValue().medianMicros();
        for (int i = quickest.size() - 1; i > middle; i--) {
            long own = quickest.get(i).getValue().medianMicros();
            if (own >= QUICK && own > slowTimes * Math.max(1, usual)) {
                found.add(new Outlier(
                        quickest.get(i).getKey(),
                        "slow",
                        "half of its answers took " + own / 1000 + " ms or more, those of others " + usual / 1000
                                + " ms"));
            }
        }
        return found;
    }
}
