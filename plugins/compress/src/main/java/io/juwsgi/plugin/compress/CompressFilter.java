package io.juwsgi.plugin.compress;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.metric.MetricSink;
import io.juwsgi.spi.metric.MetricSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compresses responses of the types that are worth it. Thread-safe. */
final class CompressFilter implements Filter, Choice, MetricSource {
    private final CompressSettings settings;
    private final System.Logger logger;
    private final Policy policy;
    private final Meter meter = new Meter();
    private volatile Codings codings = Codings.of(List.of());

    CompressFilter(CompressSettings settings, System.Logger logger) {
        this.settings = settings;
        this.logger = logger;
        this.policy =
                new Policy(MediaRanges.of(settings.types()), settings.minSize().bytes());
    }

    /** Loads the libraries: that takes its time, and may fail. */
    @Override
    public void start() {
        codings = Codings.of(settings, logger);
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        next.handle(exchange.withResponse(new CompressingSink(exchange, this, meter)));
    }

    @Override
    public @Nullable Coding of(Request request, Response head) {
        if (head.status() == 304) {
            Policy.confirm(request, head.fields());
            return null;
        }
        if (!policy.allows(head)) {
            return null;
        }
        Policy.vary(head.fields());
        return Policy.chosen(request, codings);
    }

    @Override
    public long minSize() {
        return policy.minSize();
    }

    @Override
    public void metrics(MetricSink sink) {
        meter.metrics(sink);
    }
}
