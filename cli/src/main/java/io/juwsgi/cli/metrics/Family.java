package io.juwsgi.cli.metrics;

import io.juwsgi.spi.metric.Histogram;
import java.util.List;
import java.util.Map;

/**
 * All numbers of one name. Immutable.
 *
 * @param name without the {@code _total} of counters
 * @param labels the names of the labels
 * @param samples the numbers by their labels' values, in the order of {@code labels}
 */
record Family(String name, Type type, String help, List<String> labels, Map<List<String>, Value> samples) {

    /** What a number does; the names are those of the text formats. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** A number. */
    sealed interface Value {
        /** One without a fraction. */
        record Whole(long number) implements Value {}

        /** One with a fraction. */
        record Real(double number) implements Value {}

        /** Many. */
        record Spread(Histogram histogram) implements Value {}
    }

    /** Returns the name that a sample of this family has, apart from the parts of a histogram. */
    String sampleName() {
        return type == Type.COUNTER ? name + "_total" : name;
    }
}
