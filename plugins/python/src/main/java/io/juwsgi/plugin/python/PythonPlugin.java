package io.juwsgi.plugin.python;

import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;

/** Brings Python applications: the options that name them and the language that runs them. */
public final class PythonPlugin implements Plugin {

    /** Makes the plugin; {@link #register} does the work. */
    public PythonPlugin() {}

    @Override
    public String name() {
        return "python";
    }

    @Override
    public void register(Extensions extensions) {
        extensions.options(PythonOptions.all());
        extensions.language(new PythonLanguage());
    }

    @Override
    public Standing standing() {
        return new Standing(Standing.Status.STABLE, Standing.Trust.HARDENED);
    }
}
