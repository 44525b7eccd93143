package com.example.heartbeat;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.extension.Extension;
import java.net.URI;
import java.time.Duration;

/**
 * Brings the service {@code heartbeat}: with {@code --heartbeat-url https://hc.example.org/ping/site} it asks for that page
 * every minute, so that a monitor there notices when this server is gone.
 */
public final class HeartbeatPlugin implements Plugin {

    /** Whom to tell, and how often. */
    @Doc("tell a monitor again and again that the server lives")
    record Settings(
            @Doc("page that is asked for") String url,

            @Default("60s") @Doc("how often it is asked for")
            Duration every,

            @Default("10s") @Doc("how long an answer may take")
            Duration timeout) {

        Settings {
            if (!url.matches("https?://[^\\s]+")) {
                throw new IllegalArgumentException("url: " + url + " (expected: http://... or https://...)");
            }
            atLeastAMillisecond("every", every);
            atLeastAMillisecond("timeout", timeout);
        }

        private static void atLeastAMillisecond(String name, Duration value) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException(name + ": " + value.toMillis() + "ms (expected: at least 1ms)");
            }
        }
    }

    @Override
    public String name() {
        return "heartbeat";
    }

    @Override
    public void register(Extensions extensions) {
        // Carried: a reload makes another heart, and the counts go on.
        extensions.service(new Extension<>(
                "heartbeat",
                Settings.class,
                (settings, context) -> new Heart(
                        URI.create(settings.url()),
                        settings.every(),
                        settings.timeout(),
                        context.carried(Beats.class, Beats::new),
                        context.logger())));
    }
}
