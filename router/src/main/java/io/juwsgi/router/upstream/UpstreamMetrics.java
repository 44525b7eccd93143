package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;

/** The numbers of all endpoints for operators. */
final class UpstreamMetrics implements MetricSource {
    private static final double MICROS = 1_000_000;

    private final Upstreams upstreams;

    UpstreamMetrics(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    @Override
    public void metrics(MetricSink sink) {
        for (UpstreamStats upstream : upstreams.stats()) {
            sink.gauge(
                    "upstream_waiting",
                    "requests that wait for a server",
                    upstream.waiting(),
                    "upstream",
                    upstream.name());
            for (EndpointStats one : upstream.endpoints()) {
                String[] labels = {"upstream", upstream.name(), "endpoint", one.address()};
                sink.counter("upstream_requests", "requests that a server was given", one.requests(), labels);
                sink.counter("upstream_failures", "requests that a server failed", one.failures(), labels);
                sink.counter("upstream_retries", "requests that went on to another server", one.retries(), labels);
                sink.counter("upstream_ejections", "rests that a server took after failures", one.ejections(), labels);
                sink.gauge("upstream_in_flight", "requests that a server works on", one.inFlight(), labels);
                sink.gauge(
                        "upstream_up",
                        "whether a server gets requests",
                        one.state().equals("up") ? 1 : 0,
                        labels);
                sink.gauge(
                        "upstream_latency_median_seconds",
                        "half of a server's answers began within this time",
                        one.medianMicros() / MICROS,
                        labels);
                sink.gauge(
                        "upstream_latency_p99_seconds",
                        "99 per cent of a server's answers began within this time",
                        one.p99Micros() / MICROS,
                        labels);
            }
        }
    }
}
