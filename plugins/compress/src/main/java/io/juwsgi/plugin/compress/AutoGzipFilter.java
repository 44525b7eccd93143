package io.juwsgi.plugin.compress;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.AcceptedCodings;
import org.jspecify.annotations.Nullable;

/**
 * uWSGI's {@code http-auto-gzip}: the application says with {@code uWSGI-Encoding: gzip} that a response is to be compressed,
 * and gives it no length. Thread-safe.
 */
final class AutoGzipFilter implements Filter, Choice {
    private static final String MARK = "uWSGI-Encoding";

    private final Coding gzip;
    private final Meter meter = new Meter();

    AutoGzipFilter(AutoGzipSettings settings) {
        gzip = new Gzip(settings.level());
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        next.handle(exchange.withResponse(new CompressingSink(exchange, this, meter)));
    }

    @Override
    public @Nullable Coding of(Request request, Response head) {
        Fields fields = head.fields();
        String mark = fields.first(MARK);
        if (mark == null) {
            return null;
        }
        fields.remove(MARK);
        boolean bodiless = head.status() == 204 || head.status() == 304;
        boolean framed = fields.contains("content-length") || fields.contains("content-encoding");
        if (!mark.equals("gzip") || framed || bodiless) {
            return null;
        }
        Policy.vary(fields);
        return AcceptedCodings.accepts(request.fields().first("accept-encoding"), "gzip") ? gzip : null;
    }

    /** The application has decided. */
    @Override
    public long minSize() {
        return 0;
    }
}
