package io.juwsgi.testkit;

import io.juwsgi.spi.metric.Histogram;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a component tells of itself, with the checks that the server makes: an {@link AssertionError} here is a line in the
 * server's log and a number that is missing there.
 *
 * <pre>{@code
 * assertEquals(1, plugin.metrics().number("stamp_stamped"));
 * }</pre>
 */
public final class TestMetrics implements MetricSink {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");

    /** How a name was told the first time. */
    private record Shape(String kind, List<String> labels) {}

    private final Map<String, Shape> shapes = new TreeMap<>();
    private final Map<String, Map<List<String>, Object>> values = new TreeMap<>();

    private TestMetrics() {}

    /** Asks components for their numbers as they are now. */
    public static TestMetrics of(MetricSource... sources) {
        TestMetrics all = new TestMetrics();
        for (MetricSource source : sources) {
            source.metrics(all);
        }
        return all;
    }

    /** Returns the names that were told, as a plugin writes them: without prefix and {@code _total}. */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * Returns a number.
     *
     * @param labels pairs of name and value, in the order in which they were told
     * @throws AssertionError when it was not told
     */
    public double number(String name, String... labels) {
        return value(name, labels) instanceof Number number
                ? number.doubleValue()
                : histogram(name, labels).sum();
    }

    /**
     * Returns a histogram.
     *
     * @throws AssertionError when it was not told
     */
    public Histogram histogram(String name, String... labels) {
        if (value(name, labels) instanceof Histogram histogram) {
            return histogram;
        }
        throw new AssertionError(name + " is no histogram");
    }

    private Object value(String name, String... labels) {
        Map<List<String>, Object> told = values.getOrDefault(name, Map.of());
        Object value = told.get(List.of(labels));
        if (value == null) {
            throw new AssertionError("no " + name + " with the labels " + List.of(labels) + " in " + values);
        }
        return value;
    }

    @Override
    public void counter(String name, String help, long value, String... labels) {
        counter(name, help, (double) value, labels);
    }

    @Override
    public void gauge(String name, String help, long value, String... labels) {
        add(name, "gauge", help, value, labels);
    }

    @Override
    public void counter(String name, String help, double value, String... labels) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new AssertionError(name + ": " + value + " (expected: a counter that only grows)");
        }
        add(name, "counter", help, value, labels);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
        add(name, "gauge", help, value, labels);
    }

    @Override
    public void histogram(String name, String help, Histogram value, String... labels) {
        add(name, "histogram", help, value, labels);
    }

    private void add(String name, String kind, String help, Object value, String... labels) {
        if (!NAME.matcher(name).matches() || name.endsWith("_total")) {
            throw new AssertionError(
                    "name: " + name + " (expected: lower-case letters, digits and underscores, without _total)");
        }
        if (help.isBlank()) {
            throw new AssertionError(name + ": no help (expected: one line)");
        }
        if (labels.length % 2 != 0) {
            throw new AssertionError(name + ": a label without a value (expected: pairs)");
        }
        Shape shape = new Shape(kind, labelNames(name, labels));
        Shape before = shapes.putIfAbsent(name, shape);
        if (before != null && !before.equals(shape)) {
            throw new AssertionError(name + ": " + shape + " (expected: " + before + ", as before)");
        }
        if (values.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(List.of(labels), value) != null) {
            throw new AssertionError(name + ": told twice with the labels " + List.of(labels) + " (expected: once)");
        }
    }

    private static List<String> labelNames(String name, String... labels) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < labels.length; i += 2) {
            if (!NAME.matcher(labels[i]).matches() || labels[i].equals("le") || names.contains(labels[i])) {
                throw new AssertionError(name + ": the label " + labels[i]
                        + " (expected: once, lower-case letters, digits and underscores, and not le)");
            }
            names.add(labels[i]);
        }
        return names;
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
