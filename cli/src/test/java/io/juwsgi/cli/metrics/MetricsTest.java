package io.juwsgi.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.metric.Histogram;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Sources of all manners, and the texts that become of them. */
class MetricsTest {
    private static final MetricSource GOOD = sink -> {
        sink.counter("hits", "Answers from the \"shelf\".\nAll of them.", 7, "shelf", "a\"b\\c\nd");
        sink.counter("hits", "Answers from the \"shelf\".\nAll of them.", 2, "shelf", "lower");
        sink.gauge("fill_ratio", "How full it is.", 0.25);
        sink.gauge("oldest_seconds", "Age.", Double.POSITIVE_INFINITY);
        sink.histogram(
                "read_seconds",
                "Time of reads.",
                new Histogram(List.of(0.0005, 1.0), List.of(3L, 2L, 1L), 4.5),
                "shelf",
                "top");
    };

    @Test
    void writesThePrometheusFormat() {
        assertThat(text(TextFormat.PROMETHEUS, new Metrics.Source("good", GOOD)))
                .isEqualTo("""
                    # HELP juwsgi_fill_ratio How full it is.
                    # TYPE juwsgi_fill_ratio gauge
                    juwsgi_fill_ratio 0.25
                    # HELP juwsgi_hits_total Answers from the "shelf".\\nAll of them.
                    # TYPE juwsgi_hits_total counter
                    juwsgi_hits_total{shelf="a\\"b\\\\c\\nd"} 7
                    juwsgi_hits_total{shelf="lower"} 2
                    # HELP juwsgi_oldest_seconds Age.
                    # TYPE juwsgi_oldest_seconds gauge
                    juwsgi_oldest_seconds +Inf
                    # HELP juwsgi_read_seconds Time of reads.
                    # TYPE juwsgi_read_seconds histogram
                    juwsgi_read_seconds_bucket{shelf="top",le="0.0005"} 3
                    juwsgi_read_seconds_bucket{shelf="top",le="1.0"} 5
                    juwsgi_read_seconds_bucket{shelf="top",le="+Inf"} 6
                    juwsgi_read_seconds_sum{shelf="top"} 4.5
                    juwsgi_read_seconds_count{shelf="top"} 6
                    """);
    }

    @Test
    void writesOpenMetricsToWhoAsksForIt() {
        String accept = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3";
        Metrics metrics = new Metrics(() -> List.of(new Metrics.Source("good", GOOD)));
        assertThat(metrics.page(accept).contentType()).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(metrics.page(accept).text())
                .contains("# HELP juwsgi_hits Answers from the \\\"shelf\\\".", "# TYPE juwsgi_hits counter\n")
                .contains("juwsgi_hits_total{shelf=\"lower\"} 2\n")
                .endsWith("# EOF\n");
        assertThat(metrics.page("*/*").contentType()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void rowsForTheOperatorLeaveBucketsOut() {
        Metrics metrics = new Metrics(() -> List.of(new Metrics.Source("good", GOOD)));
        assertThat(metrics.report("read").toString())
                .isEqualTo("{metrics=[{name=juwsgi_read_seconds_count, labels={shelf=top}, value=6},"
                        + " {name=juwsgi_read_seconds_sum, labels={shelf=top}, value=4.5}]}");
    }

    @Test
    void whatASourceDoesWrongCostsItsOwnNumbersOnly() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        MetricSource throwing = sink -> {
            sink.gauge("told_before", "Told.", 1);
            throw new IllegalStateException("broken");
        };
        MetricSource hanging = sink -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        MetricSource deaf = sink -> {
            while (never.getCount() > 0) {
                Thread.onSpinWait();
            }
        };
        Metrics metrics = new Metrics(
                () -> List.of(
                        new Metrics.Source("throwing", throwing),
                        new Metrics.Source("hanging", hanging),
                        new Metrics.Source("deaf", deaf),
                        new Metrics.Source("twice", sink -> sink.gauge("hits", "Another kind.", 1)),
                        new Metrics.Source("same", sink -> sink.gauge("fill_ratio", "The same.", 1)),
                        new Metrics.Source("good", GOOD)),
                Duration.ofMillis(1500));
        try {
            // The good one comes last: of those that tell the same name the first is believed.
            assertThat(texts(metrics))
                    .contains("juwsgi_told_before 1\n", "juwsgi_hits 1\n", "juwsgi_fill_ratio 1\n")
                    .contains("juwsgi_oldest_seconds +Inf\n")
                    .contains("juwsgi_metric_source_failures_total{source=\"throwing\"} 1\n")
                    .contains("juwsgi_metric_source_failures_total{source=\"hanging\"} 1\n")
                    .contains("juwsgi_metric_source_failures_total{source=\"deaf\"} 1\n")
                    .contains("juwsgi_metric_source_failures_total{source=\"good\"} 2\n")
                    .doesNotContain("source=\"twice\"");
            assertThat(texts(metrics))
                    .as("who has not come back is not asked again")
                    .contains("juwsgi_metric_source_failures_total{source=\"deaf\"} 2\n");
        } finally {
            never.countDown();
        }
    }

    @Test
    void twoExtensionsMayTellOneNameWithOtherLabels() {
        assertThat(text(
                        TextFormat.PROMETHEUS,
                        new Metrics.Source("one", sink -> sink.gauge("items", "Items.", 1, "cache", "one")),
                        new Metrics.Source("two", sink -> sink.gauge("items", "Items.", 2, "cache", "two"))))
                .contains("juwsgi_items{cache=\"one\"} 1\njuwsgi_items{cache=\"two\"} 2\n");
    }

    @Test
    void refusesWhatPrometheusWouldRefuse() {
        MetricSink sink = new MetricTable("");
        assertThatThrownBy(() -> sink.gauge("Bad-Name", "", 1))
                .hasMessage("name: Bad-Name (expected: lower-case letters, digits and underscores)");
        assertThatThrownBy(() -> sink.counter("x_total", "", 1))
                .hasMessage("name: x_total (expected: without _total, which is put behind counters)");
        assertThatThrownBy(() -> sink.counter("x", "", -1)).hasMessage("x: -1 (expected: a counter that only grows)");
        assertThatThrownBy(() -> sink.counter("x", "", Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> sink.gauge("x", "", 1, "a"))
                .hasMessage("x: a label without a value (expected: pairs)");
        assertThatThrownBy(() -> sink.gauge("x", "", 1, "le", "1")).hasMessageContaining("not le");
        assertThatThrownBy(() -> sink.gauge("x", "", 1, "a", "v".repeat(2000))).hasMessageContaining("2000");
        sink.gauge("y", "", 1, "a", "1");
        assertThatThrownBy(() -> sink.gauge("y", "", 2, "a", "1"))
                .hasMessage("y: told twice with the labels [1] (expected: once)");
        assertThatThrownBy(() -> sink.counter("y", "", 2, "a", "2"))
                .hasMessage("y: COUNTER with the labels [a] (expected: GAUGE with [a], as before)");
        assertThatThrownBy(() -> sink.gauge("y", "", 2, "b", "2")).hasMessageContaining("as before");
        assertThatThrownBy(() -> fill(sink)).hasMessage("z: more than 10000 numbers (expected: fewer)");
    }

    @Test
    void aSourceThatIsLateTellsNobody() {
        MetricTable table = new MetricTable("");
        table.close();
        assertThatThrownBy(() -> table.gauge("x", "", 1)).isInstanceOf(IllegalStateException.class);
    }

    private static void fill(MetricSink sink) {
        for (int i = 0; i <= MetricTable.MOST_SAMPLES; i++) {
            sink.gauge("z", "", i, "client", String.valueOf(i));
        }
    }

    private static String text(TextFormat format, Metrics.Source... sources) {
        return format.write(new Metrics(() -> List.of(sources)).read());
    }

    private static String texts(Metrics metrics) {
        return metrics.page("").text();
    }
}
