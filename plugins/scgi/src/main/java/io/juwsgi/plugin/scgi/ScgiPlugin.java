package io.juwsgi.plugin.scgi;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.extension.Extension;
import java.util.List;

/** Brings the protocol front {@code scgi}. */
public final class ScgiPlugin implements Plugin {

    /** What the front is set to; all of it has uWSGI's names, see {@link ScgiOptions}. */
    record NoSettings() {}

    /** Makes the plugin; {@link #register} does the work. */
    public ScgiPlugin() {}

    @Override
    public String name() {
        return "scgi";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(ScgiOptions.all());
        extensions.front(new Extension<>(
                "scgi",
                NoSettings.class,
                (none, context) -> new ScgiFront(context.settings()),
                List.of(ScgiOptions.SOCKET, ScgiOptions.NPH_SOCKET)));
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
