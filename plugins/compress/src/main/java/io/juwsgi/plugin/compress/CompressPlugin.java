package io.juwsgi.plugin.compress;

import io.juwsgi.config.Option;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Brings two filters: {@code compress}, and {@code auto-gzip} for uWSGI's {@code http-auto-gzip}. */
public final class CompressPlugin implements Plugin {
    private static final Option<Boolean> HTTP_AUTO_GZIP = Option.flag("http-auto-gzip")
            .area("http")
            .doc("compress responses in which the application sends uWSGI-Encoding: gzip");

    /** Makes the plugin; {@link #register} does the work. */
    public CompressPlugin() {}

    @Override
    public String name() {
        return "compress";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(List.of(HTTP_AUTO_GZIP));
        extensions.filter(
                Phase.TRANSFORM,
                new Extension<>(
                        "compress",
                        CompressSettings.class,
                        (settings, context) -> new CompressFilter(settings, context.logger())));
        extensions.filter(
                Phase.TRANSFORM,
                new Extension<>(
                        "auto-gzip",
                        AutoGzipSettings.class,
                        (settings, context) -> new AutoGzipFilter(settings),
                        List.of(HTTP_AUTO_GZIP)));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
