package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;

/** Brings CGI scripts: a language whose applications need no worker process. */
public final class CgiPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public CgiPlugin() {}

    @Override
    public String name() {
        return "cgi";
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(CgiOptions.all());
        extensions.language(new CgiLanguage());
    }
}
