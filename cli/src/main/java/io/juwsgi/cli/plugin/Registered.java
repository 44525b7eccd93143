package io.juwsgi.cli.plugin;

import io.juwsgi.config.typed.RecordOptions;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.LifeCycle;

/**
 * An extension that was registered, whether it is active or not.
 *
 * @param plugin the id of the plugin that it belongs to
 * @param options its settings
 */
public record Registered<S extends Record, T extends LifeCycle>(
        String plugin, Kind kind, Extension<S, T> extension, RecordOptions<S> options) {

    /** Returns the id that is unique among all extensions: the beginning of its options' names. */
    public String id() {
        return kind.idOf(extension);
    }
}
