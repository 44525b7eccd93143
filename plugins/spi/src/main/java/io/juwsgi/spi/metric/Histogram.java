package io.juwsgi.spi.metric;

import java.util.List;

/**
 * How many of something were how large, such as requests by their time.
 *
 * @param bounds upper bounds that belong to their bucket, ascending, in the unit that the metric's name ends with
 * @param counts one for each bound, of what is above the bound before it; and one more of what is above all bounds
 * @param sum of all that was counted, in the same unit
 */
public record Histogram(List<Double> bounds, List<Long> counts, double sum) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when their sizes do not fit or the bounds do not ascend
     */
    public Histogram {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
        if (counts.size() != bounds.size() + 1) {
            throw new IllegalArgumentException(
                    "counts: " + counts.size() + " (expected: " + (bounds.size() + 1) + ", one more than bounds)");
        }
        for (int i = 1; i < bounds.size(); i++) {
            if (!(bounds.get(i) > bounds.get(i - 1))) {
                throw new IllegalArgumentException(
                        "bounds: " + bounds.get(i) + " after " + bounds.get(i - 1) + " (expected: ascending)");
            }
        }
    }

    /** Returns how many were counted. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
