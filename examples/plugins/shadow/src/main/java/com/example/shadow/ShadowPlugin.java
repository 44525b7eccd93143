package com.example.shadow;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.net.URI;
import java.time.Duration;

/** Brings the filter {@code shadow}: {@code --shadow-to http://127.0.0.1:9000} shows a new version what the old one is asked. */
public final class ShadowPlugin implements Plugin {

    /** Where copies go, and how many. */
    @Doc("send copies of GET and HEAD requests to another server and forget its answers")
    record Settings(
            @Doc("the other server, such as http://127.0.0.1:9000")
            String to,

            @Default("100") @Doc("how many of a hundred requests are copied")
            int percent,

            @Default("64") @Doc("how many copies may be on their way; further ones are left out")
            int limit,

            @Default("10s") @Doc("how long the other server may take")
            Duration timeout,

            @Doc("send Authorization and Cookie too") boolean credentials) {

        Settings {
            if (!to.matches("https?://[^/?#\\s]+")) {
                throw new IllegalArgumentException("to: " + to + " (expected: http://HOST:PORT, without a path)");
            }
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("percent: " + percent + " (expected: 1 to 100)");
            }
            if (limit < 1) {
                throw new IllegalArgumentException("limit: " + limit + " (expected: 1 or more)");
            }
            var _ = URI.create(to);
        }
    }

    @Override
    public String name() {
        return "shadow";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.filter(
                Phase.LOG,
                new Extension<>(
                        "shadow", Settings.class, (settings, context) -> new ShadowFilter(settings, context.logger())));
    }
}
