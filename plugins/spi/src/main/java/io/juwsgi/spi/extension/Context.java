package io.juwsgi.spi.extension;

import io.juwsgi.config.Settings;

/** What the server lends to one component. Any thread may use it, as long as the component is not closed. */
public interface Context {

    /** Returns the extension's id, such as {@code gzip}. */
    String id();

    /** Returns the component's own log; its lines name the extension. */
    System.Logger logger();

    /** Returns everything that was configured, for what {@link io.juwsgi.spi.Extensions#options} added. */
    Settings settings();
}
