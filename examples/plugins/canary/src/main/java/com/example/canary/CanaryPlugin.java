package com.example.canary;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.extension.Extension;
import java.util.List;
import java.util.Set;

/**
 * Brings the balancer {@code canary}: with {@code balance = canary} in an upstream, {@code --balance-canary-to
 * 10.0.0.9:8000} gets the requests of five clients in a hundred, always of the same ones.
 */
public final class CanaryPlugin implements Plugin {

    /** Who is tried, and by how many. */
    @Doc("give some members of an upstream a fixed part of the clients")
    record Settings(
            @Doc("address of a member that is tried") List<String> to,

            @Default("5") @Doc("how many of a hundred clients it gets")
            int percent) {

        Settings {
            if (percent < 0 || percent > 100) {
                throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 100)");
            }
        }
    }

    @Override
    public String name() {
        return "canary";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.balancer(new Extension<>("canary", Settings.class, (settings, context) -> {
            Set<String> tried = Set.copyOf(settings.to());
            return random -> new CanaryBalancer(tried, settings.percent());
        }));
    }
}
