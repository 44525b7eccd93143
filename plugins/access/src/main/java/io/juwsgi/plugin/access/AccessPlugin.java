package io.juwsgi.plugin.access;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;

/** Brings two filters: {@code basic-auth} and {@code cors}. */
public final class AccessPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public AccessPlugin() {}

    @Override
    public String name() {
        return "access";
    }

    /** CORS comes first: a browser asks for leave without its user's password, and reads refusals only with leave. */
    @Override
    public void register(Extensions extensions) {
        extensions.filter(
                Phase.EARLY,
                new Extension<>("cors", CorsSettings.class, (settings, context) -> new CorsFilter(settings)));
        extensions.filter(
                Phase.ACCESS,
                new Extension<>(
                        "basic-auth",
                        BasicAuthSettings.class,
                        (settings, context) ->
                                new BasicAuthFilter(settings, PasswordFile.of(settings.file(), context.logger()))));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
