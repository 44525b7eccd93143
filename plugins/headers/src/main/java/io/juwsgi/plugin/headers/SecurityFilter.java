package io.juwsgi.plugin.headers;

import io.juwsgi.plugin.headers.SecuritySettings.FrameOptions;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.util.ArrayList;
import java.util.List;

/** Adds the fields that make browsers careful where the application did not give them itself. Immutable. */
final class SecurityFilter implements Filter {
    private final List<Field> always = new ArrayList<>();
    private final List<Field> overHttps = new ArrayList<>();

    SecurityFilter(SecuritySettings settings) {
        always.add(new Field("X-Content-Type-Options", "nosniff"));
        if (!settings.referrerPolicy().isEmpty()) {
            always.add(new Field("Referrer-Policy", settings.referrerPolicy()));
        }
        if (settings.frameOptions() != FrameOptions.OFF) {
            always.add(new Field("X-Frame-Options", settings.frameOptions().name()));
        }
        if (!settings.csp().isEmpty()) {
            always.add(new Field("Content-Security-Policy", settings.csp()));
        }
        if (settings.hsts().isPositive()) {
            String age = "max-age=" + settings.hsts().toSeconds();
            overHttps.add(new Field(
                    "Strict-Transport-Security", settings.hstsSubdomains() ? age + "; includeSubDomains" : age));
        }
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        boolean https = exchange.request().scheme().equals("https");
        next.handle(exchange.withResponse(new ForwardingSink(exchange.response()) {
            @Override
            public void head(Response head) {
                addMissing(head.fields(), always);
                if (https) {
                    addMissing(head.fields(), overHttps);
                }
                super.head(head);
            }
        }));
    }

    private static void addMissing(Fields fields, List<Field> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            Field field = wanted.get(i);
            if (!fields.contains(field.name())) {
                fields.add(field.name(), field.value());
            }
        }
    }
}
