package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;

/** Brings static files: uWSGI's options, and the filter {@code static} that acts on them. */
public final class StaticPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public StaticPlugin() {}

    @Override
    public String name() {
        return "staticfiles";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(StaticOptions.all());
        extensions.filter(
                Phase.CONTENT,
                new Extension<>(
                        "static",
                        StaticSettings.class,
                        (settings, context) -> new StaticFilter(StaticConfig.of(settings, context), context.logger()),
                        StaticOptions.triggers()));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
