package io.juwsgi.cli.metrics;

import io.juwsgi.cli.metrics.Family.Value;
import io.juwsgi.spi.metric.Histogram;
import io.juwsgi.spi.metric.MetricSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The numbers of one source at one moment; whatever Prometheus would refuse is refused here. Thread-safe: the source fills it
 * on its own thread, and who waits for that may close it before.
 */
final class MetricTable implements MetricSink {
    /** A source that makes a label of what clients send must not fill the memory of server and Prometheus. */
    static final int MOST_SAMPLES = 10_000;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,99}");
    private static final int LONGEST_LABEL = 1000;

    private final String prefix;
    private final Map<String, Family> families = new LinkedHashMap<>();
    private int samples;
    private boolean closed;

    /** Makes an empty table; {@code prefix} is put in front of each name. */
    MetricTable(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public void counter(String name, String help, long value, String... labels) {
        if (value < 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a counter that only grows)");
        }
        add(name, Family.Type.COUNTER, help, new Value.Whole(value), labels);
    }

    @Override
    public void counter(String name, String help, double value, String... labels) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: a counter that only grows)");
        }
        add(name, Family.Type.COUNTER, help, new Value.Real(value), labels);
    }

    @Override
    public void gauge(String name, String help, long value, String... labels) {
        add(name, Family.Type.GAUGE, help, new Value.Whole(value), labels);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
        add(name, Family.Type.GAUGE, help, new Value.Real(value), labels);
    }

    @Override
    public void histogram(String name, String help, Histogram value, String... labels) {
        add(name, Family.Type.HISTOGRAM, help, new Value.Spread(value), labels);
    }

    private synchronized void add(String name, Family.Type type, String help, Value value, String... labels) {
        if (closed) {
            throw new IllegalStateException(name + ": told too late");
        }
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        split(name, labels, names, values);
        Family family = family(name, type, help, names);
        if (family.samples().containsKey(values)) {
            throw new IllegalArgumentException(name + ": told twice with the labels " + values + " (expected: once)");
        }
        if (samples == MOST_SAMPLES) {
            throw new IllegalArgumentException(name + ": more than " + MOST_SAMPLES + " numbers (expected: fewer)");
        }
        samples++;
        family.samples().put(values, value);
    }

    private static void split(String name, String[] labels, List<String> names, List<String> values) {
        if (labels.length % 2 != 0) {
            throw new IllegalArgumentException(name + ": a label without a value (expected: pairs)");
        }
        for (int i = 0; i < labels.length; i += 2) {
            requireName("label", labels[i]);
            if (names.contains(labels[i]) || labels[i].equals("le")) {
                throw new IllegalArgumentException(name + ": the label " + labels[i] + " (expected: once, and not le)");
            }
            if (labels[i + 1].length() > LONGEST_LABEL) {
                throw new IllegalArgumentException(name + ": a label of " + labels[i + 1].length()
                        + " characters (expected: at most " + LONGEST_LABEL + ")");
            }
            names.add(labels[i]);
            values.add(labels[i + 1]);
        }
    }

    private Family family(String name, Family.Type type, String help, List<String> labels) {
        Family known = families.get(name);
        if (known == null) {
            requireName("name", name);
            if (name.endsWith("_total")) {
                throw new IllegalArgumentException(
                        "name: " + name + " (expected: without _total, which is put behind counters)");
            }
            known = new Family(prefix + name, type, help, List.copyOf(labels), new LinkedHashMap<>());
            families.put(name, known);
        }
        if (known.type() != type || !known.labels().equals(labels)) {
            throw new IllegalArgumentException(name + ": " + type + " with the labels " + labels + " (expected: "
                    + known.type() + " with " + known.labels() + ", as before)");
        }
        return known;
    }

    private static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + ": " + name + " (expected: lower-case letters, digits and underscores)");
        }
    }

    /** Takes no more, and returns what was told. */
    synchronized List<Family> close() {
        closed = true;
        return List.copyOf(families.values());
    }
}
