package io.juwsgi.cli.plugin;

import io.juwsgi.config.Option;
import java.util.List;

/** The options that say which plugins there are. They are looked for before anything else is read. */
public final class PluginOptions {
    static final Option<List<String>> PLUGINS = Option.list("plugins")
            .alias("plugin")
            .placeholder("FILE.jar|NAME")
            .area("config")
            .doc("load a plugin from a jar; names of plugins that come with juwsgi change nothing");
    static final Option<List<String>> NEED_PLUGINS = Option.list("need-plugins")
            .alias("need-plugin")
            .placeholder("FILE.jar|NAME")
            .area("config")
            .doc("the same, but refuse to start when a name is unknown");
    static final Option<List<String>> PLUGINS_DIR = Option.list("plugins-dir")
            .alias("plugin-dir")
            .placeholder("DIRECTORY")
            .area("config")
            .doc("load a plugin from the jars of each folder in a directory, as from plugins.d");

    private PluginOptions() {}

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(PLUGINS, NEED_PLUGINS, PLUGINS_DIR);
    }
}
