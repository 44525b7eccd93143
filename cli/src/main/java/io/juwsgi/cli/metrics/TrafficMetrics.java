package io.juwsgi.cli.metrics;

import io.juwsgi.router.Router;
import io.juwsgi.router.RouterStats;
import io.juwsgi.router.RouterStats.ListenerStats;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;

/** What clients ask and get, for each listener; and how extensions behave meanwhile. */
record TrafficMetrics(Router router) implements MetricSource {

    @Override
    public void metrics(MetricSink sink) {
        RouterStats stats = router.stats();
        sink.counter("connections_refused", "Connections that were one too many.", stats.refused());
        RouterStats.Held held = router.held();
        buffered(sink, "memory", held.memory());
        buffered(sink, "disk", held.disk());
        stats.listeners().forEach(listener -> listener(sink, listener));
        for (ExtensionStats one : router.extensionStats()) {
            sink.counter(
                    "extension_exceptions",
                    "Requests that an extension ended with an exception.",
                    one.exceptions(),
                    "extension",
                    one.id());
            sink.counter(
                    "extension_blocked",
                    "Times that an extension kept an event loop from its work.",
                    one.blocked(),
                    "extension",
                    one.id());
        }
    }

    private static void buffered(MetricSink sink, String where, long bytes) {
        sink.gauge("buffered_bytes", "Parts of requests and responses that wait in the gateway.", bytes, "in", where);
    }

    private static void listener(MetricSink sink, ListenerStats one) {
        String[] labels = {
            "listener", one.listener().address(), "protocol", one.listener().protocol()
        };
        sink.gauge("connections", "Open connections.", one.connections(), labels);
        sink.counter("connections_accepted", "Accepted connections.", one.accepted(), labels);
        sink.counter("received_bytes", "Bytes received from clients.", one.bytesIn(), labels);
        sink.counter("sent_bytes", "Bytes of responses.", one.bytesOut(), labels);
        sink.counter("request_failures", "Requests that ended without the response asked for.", one.failures(), labels);
        one.statuses().forEach((status, count) -> {
            String code = status == 0 ? "none" : status.toString();
            sink.counter(
                    "requests", "Ended requests.", count, labels[0], labels[1], labels[2], labels[3], "status", code);
        });
        sink.histogram(
                "request_duration_seconds",
                "Time of requests, from their head to the end of the response.",
                one.durations(),
                labels);
    }
}
