package io.juwsgi.cli.metrics;

import io.juwsgi.router.MetricsHandler;
import io.juwsgi.spi.metric.MetricSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks every source for its numbers, each on a virtual thread of its own, and puts them together. What one source does wrong
 * costs its own numbers only, is counted, and is told in the log once. Thread-safe.
 */
public final class Metrics {
    /** How long all sources together may take; Prometheus itself waits for 10 seconds. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(Metrics.class.getName());
    private static final String PREFIX = "juwsgi_";
    private static final String FAILURES = PREFIX + "metric_source_failures";

    /**
     * Somebody who has numbers.
     *
     * @param id the extension's id, or the name of a part of the server
     * @param prefixed whether the names get the program's prefix
     */
    public record Source(String id, boolean prefixed, MetricSource source) {
        /** Makes one whose names get the prefix. */
        public Source(String id, MetricSource source) {
            this(id, true, source);
        }
    }

    private final Supplier<List<Source>> sources;
    private final Duration patience;
    private final Map<String, Long> failures = new TreeMap<>();
    /** Those that were given up and have not returned: not asked again, so that threads do not pile up. */
    private final Set<String> late = ConcurrentHashMap.newKeySet();

    /** Makes the registry; {@code sources} is asked for at each reading. */
    public Metrics(Supplier<List<Source>> sources) {
        this(sources, PATIENCE);
    }

    Metrics(Supplier<List<Source>> sources, Duration patience) {
        this.sources = sources;
        this.patience = patience;
    }

    /** One question to one source. */
    private static final class Question {
        private final Source source;
        private final MetricTable table;
        private final Thread thread;
        private volatile @Nullable Throwable thrown;

        Question(Source source) {
            this.source = source;
            this.table = new MetricTable(source.prefixed() ? PREFIX : "");
            this.thread =
                    Thread.ofVirtual().name("juwsgi-metrics-" + source.id()).start(this::ask);
        }

        private void ask() {
            try {
                source.source().metrics(table);
            } catch (Exception | Error e) {
                thrown = e;
            }
        }
    }

    /** Returns the text for Prometheus; {@code accept} is the field of its request. Blocks for some seconds at most. */
    public MetricsHandler.Page page(String accept) {
        TextFormat format = TextFormat.of(accept);
        return new MetricsHandler.Page(format.contentType(), format.write(read()));
    }

    /** Returns the numbers whose name contains {@code part} as an answer to an operator. Blocks for some seconds at most. */
    public Map<String, ?> report(String part) {
        return Map.of("metrics", Rows.of(read(), part));
    }

    /** Returns all numbers as they are now, ordered by name. */
    List<Family> read() {
        List<Question> questions = new ArrayList<>();
        for (Source source : sources.get()) {
            if (late.contains(source.id())) {
                failed(source, "has not come back since it was asked before", null);
            } else {
                questions.add(new Question(source));
            }
        }
        long deadline = System.nanoTime() + patience.toNanos();
        Map<String, Family> all = new TreeMap<>();
        questions.forEach(question -> merge(all, question.source, answer(question, deadline)));
        Family own = failures();
        if (!own.samples().isEmpty()) {
            all.put(own.name(), own);
        }
        return List.copyOf(all.values());
    }

    private List<Family> answer(Question question, long deadline) {
        Source source = question.source;
        if (!ended(question.thread, deadline)) {
            late.add(source.id());
            question.table.close();
            question.thread.interrupt();
            Thread.ofVirtual().start(() -> {
                ended(question.thread, Long.MAX_VALUE);
                late.remove(source.id());
            });
            failed(source, "takes longer than " + patience.toMillis() + " ms", null);
            return List.of();
        }
        Throwable thrown = question.thrown;
        if (thrown != null) {
            failed(source, String.valueOf(thrown), thrown);
        }
        return question.table.close();
    }

    private static boolean ended(Thread thread, long deadline) {
        try {
            if (deadline == Long.MAX_VALUE) {
                thread.join();
                return true;
            }
            return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Adds what a source told; of a name that another source has told in another way, nothing. */
    private void merge(Map<String, Family> all, Source source, List<Family> told) {
        for (Family family : told) {
            Family known = all.putIfAbsent(family.name(), family);
            if (known == null) {
                continue;
            }
            boolean alike = known.type() == family.type() && known.labels().equals(family.labels());
            if (!alike || family.samples().keySet().stream().anyMatch(known.samples()::containsKey)) {
                failed(source, family.name() + " is told by another extension as well", null);
                continue;
            }
            Map<List<String>, Family.Value> samples = new LinkedHashMap<>(known.samples());
            samples.putAll(family.samples());
            all.put(family.name(), new Family(known.name(), known.type(), known.help(), known.labels(), samples));
        }
    }

    private void failed(Source source, String what, @Nullable Throwable thrown) {
        boolean first;
        synchronized (failures) {
            first = failures.merge(source.id(), 1L, Long::sum) == 1;
        }
        if (first) {
            LOG.log(
                    Level.WARNING,
                    "metrics of " + source.id() + ": " + what + " (further failures are counted only)",
                    thrown);
        }
    }

    private Family failures() {
        Map<List<String>, Family.Value> samples = new LinkedHashMap<>();
        synchronized (failures) {
            failures.forEach((id, count) -> samples.put(List.of(id), new Family.Value.Whole(count)));
        }
        return new Family(
                FAILURES,
                Family.Type.COUNTER,
                "How often the numbers of an extension, or of a part of the server, could not be had.",
                List.of("source"),
                samples);
    }
}
