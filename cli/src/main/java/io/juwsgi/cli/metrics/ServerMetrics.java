package io.juwsgi.cli.metrics;

import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.cli.plugin.Offering;
import io.juwsgi.cli.plugin.UpstreamExtensions;
import io.juwsgi.master.Master;
import io.juwsgi.router.Router;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.metric.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Everybody in a running server who has numbers: its own parts, and the components of the current configuration. */
public final class ServerMetrics {
    private ServerMetrics() {}

    /** Makes the registry of a server. */
    public static Metrics of(
            String version,
            Master master,
            Router router,
            WorkerPool pool,
            ActiveExtensions active,
            UpstreamExtensions upstreams) {
        List<Metrics.Source> own = List.of(
                new Metrics.Source("process", false, new ProcessMetrics()),
                new Metrics.Source("build", sink -> sink.gauge("build_info", "The program.", 1, "version", version)),
                new Metrics.Source("traffic", new TrafficMetrics(router)),
                new Metrics.Source("workers", new WorkerMetrics(master, pool)),
                new Metrics.Source("upstreams", new UpstreamMetrics(router)));
        return new Metrics(() -> {
            List<Metrics.Source> all = new ArrayList<>(own);
            Stream.concat(
                            active.offerings(MetricSource.class).stream(),
                            upstreams.offerings(MetricSource.class).stream())
                    .map(ServerMetrics::source)
                    .forEach(all::add);
            return all;
        });
    }

    private static Metrics.Source source(Offering<MetricSource> offering) {
        return new Metrics.Source(offering.id(), offering.component());
    }
}
