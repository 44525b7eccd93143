package io.juwsgi.plugin.access;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers what pages of other sites may ask, as the Fetch standard has it, and answers their preflight requests. What
 * the application says itself counts more. Immutable.
 */
final class CorsFilter implements Filter {
    private static final Failure NOT_ALLOWED =
            Failure.client(403, "cors-origin", "Pages of this origin may not ask this server.");

    private final Origins origins;
    private final Paths paths;
    private final CorsSettings settings;
    private final String methods;
    private final String headers;
    private final String expose;
    private final String maxAge;

    CorsFilter(CorsSettings settings) {
        this.settings = settings;
        this.origins = Origins.of(settings.origins());
        this.paths = Paths.of("paths", settings.paths());
        this.methods = String.join(", ", settings.methods());
        this.headers = String.join(", ", settings.headers());
        this.expose = String.join(", ", settings.expose());
        this.maxAge = Long.toString(settings.maxAge().toSeconds());
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        Request request = exchange.request();
        if (!paths.hold(request.path())) {
            next.handle(exchange);
            return;
        }
        String origin = request.fields().first("origin");
        if (origin != null && isPreflight(request)) {
            preflight(exchange, origin);
        } else {
            next.handle(exchange.withResponse(new Told(exchange, origin)));
        }
    }

    private static boolean isPreflight(Request request) {
        return request.method().equals("OPTIONS") && request.fields().contains("access-control-request-method");
    }

    private void preflight(Exchange exchange, String origin) {
        if (!origins.hold(origin)) {
            exchange.fail(NOT_ALLOWED);
            return;
        }
        Fields asked = exchange.request().fields();
        Fields fields = new Fields(8);
        allow(fields, origin);
        // With credentials a star stands for itself alone: what was asked for is named.
        String method = settings.methods().contains("*") ? asked.first("access-control-request-method") : methods;
        String wanted = settings.headers().contains("*") ? asked.first("access-control-request-headers") : headers;
        add(fields, "Access-Control-Allow-Methods", method);
        add(fields, "Access-Control-Allow-Headers", wanted);
        fields.add("Access-Control-Max-Age", maxAge);
        fields.add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        exchange.response().head(new Response(204, "No Content", fields));
        exchange.response().end();
    }

    private static void add(Fields fields, String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            fields.add(name, value);
        }
    }

    private void allow(Fields fields, String origin) {
        fields.add("Access-Control-Allow-Origin", origins.all() ? "*" : origin);
        if (settings.credentials()) {
            fields.add("Access-Control-Allow-Credentials", "true");
        }
        if (!origins.all()) {
            fields.add("Vary", "Origin");
        }
    }

    /** Adds what browsers have to know to a response. Owned by the exchange's event loop. */
    private final class Told extends ForwardingSink {
        private final @Nullable String origin;

        Told(Exchange exchange, @Nullable String origin) {
            super(exchange.response());
            this.origin = origin;
        }

        @Override
        public void head(Response head) {
            Fields fields = head.fields();
            if (!fields.contains("access-control-allow-origin")) {
                if (origin != null && origins.hold(origin)) {
                    allow(fields, origin);
                    add(fields, "Access-Control-Expose-Headers", expose);
                } else if (!origins.all()) {
                    // A cache must not give this response to a page that may read it.
                    fields.add("Vary", "Origin");
                }
            }
            super.head(head);
        }
    }
}
