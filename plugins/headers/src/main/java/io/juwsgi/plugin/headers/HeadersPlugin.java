package io.juwsgi.plugin.headers;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;

/** Brings two filters for response header fields: {@code headers} and {@code security-headers}. */
public final class HeadersPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public HeadersPlugin() {}

    @Override
    public String name() {
        return "headers";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.filter(
                Phase.TRANSFORM,
                new Extension<>("headers", HeaderSettings.class, (settings, context) -> new HeaderFilter(settings)));
        extensions.filter(
                Phase.TRANSFORM,
                new Extension<>(
                        "security-headers",
                        SecuritySettings.class,
                        (settings, context) -> new SecurityFilter(settings)));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
