package io.juwsgi.plugin.cgi;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;

/** Brings CGI scripts: a language whose applications need no worker process. */
public final class CgiPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public CgiPlugin() {}

    @Override
    public String name() {
        return "cgi";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(CgiOptions.all());
        extensions.language(new CgiLanguage());
    }
}
