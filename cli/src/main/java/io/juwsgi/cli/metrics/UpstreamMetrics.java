package io.juwsgi.cli.metrics;

import io.juwsgi.router.Router;
import io.juwsgi.router.upstream.UpstreamStats;
import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;

/** The upstreams that requests are passed on to, each with its endpoints. */
record UpstreamMetrics(Router router) implements MetricSource {
    private static final double MICROS = 1e6;

    @Override
    public void metrics(MetricSink sink) {
        for (UpstreamStats upstream : router.upstreamStats()) {
            sink.gauge(
                    "upstream_waiting",
                    "Requests that wait for an endpoint.",
                    upstream.waiting(),
                    "upstream",
                    upstream.name());
            upstream.endpoints().forEach(endpoint -> endpoint(sink, endpoint, upstream.name(), endpoint.address()));
        }
    }

    private static void endpoint(MetricSink sink, EndpointStats one, String upstream, String address) {
        String[] labels = {"upstream", upstream, "endpoint", address};
        sink.gauge(
                "upstream_up",
                "Whether an endpoint is given requests.",
                one.state().equals("up") ? 1 : 0,
                labels);
        sink.gauge("upstream_in_flight", "Requests under way.", one.inFlight(), labels);
        one.fleetShare()
                .ifPresent(share -> sink.gauge(
                        "upstream_fleet_share",
                        "Requests that an endpoint may have under way by this gateway of the fleet.",
                        share,
                        labels));
        sink.counter("upstream_requests", "Requests that an endpoint was given.", one.requests(), labels);
        one.failureReasons()
                .forEach((why, count) -> sink.counter(
                        "upstream_failures",
                        "Requests that an endpoint failed.",
                        count,
                        "upstream",
                        upstream,
                        "endpoint",
                        address,
                        "reason",
                        why));
        sink.counter("upstream_retries", "Failed requests that went on to another endpoint.", one.retries(), labels);
        sink.counter("upstream_hedges", "Requests it was asked because another one was slow.", one.hedges(), labels);
        one.ejectionReasons()
                .forEach((why, count) -> sink.counter(
                        "upstream_ejections",
                        "Times that an endpoint began to rest.",
                        count,
                        "upstream",
                        upstream,
                        "endpoint",
                        address,
                        "reason",
                        why));
        sink.histogram("upstream_answer_seconds", "Times to the beginning of answers.", one.answers(), labels);
        quantile(sink, upstream, address, "0.5", one.medianMicros());
        quantile(sink, upstream, address, "0.99", one.p99Micros());
    }

    private static void quantile(MetricSink sink, String upstream, String address, String share, long micros) {
        sink.gauge(
                "upstream_latency_seconds",
                "Time within which this share of answers began, since the start.",
                micros / MICROS,
                "upstream",
                upstream,
                "endpoint",
                address,
                "quantile",
                share);
    }
}
