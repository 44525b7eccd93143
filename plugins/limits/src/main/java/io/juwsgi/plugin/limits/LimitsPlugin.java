package io.juwsgi.plugin.limits;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Brings the filter {@code rate-limit}. */
public final class LimitsPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public LimitsPlugin() {}

    @Override
    public String name() {
        return "limits";
    }

    /** Early: who asks too often costs no password check, no route and no look-up. */
    @Override
    public void register(Extensions extensions) {
        extensions.options(List.of(Rules.OPTION));
        extensions.filter(
                Phase.EARLY,
                new Extension<>(
                        "rate-limit",
                        RateLimitSettings.class,
                        (settings, context) -> new RateLimitFilter(Rules.of(settings, context), settings.headers()),
                        List.of(Rules.OPTION)));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
