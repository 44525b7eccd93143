package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.OptionRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A working directory with plugins, loaded as the program does at start. */
final class PluginFolder {
    final OptionRegistry options = new OptionRegistry();
    final Path directory;
    final ConfigReader reader;

    PluginFolder(Path directory) {
        this.directory = directory;
        this.reader = new ConfigReader(options, directory, Map.of());
    }

    PluginRegistry load(String... argv) {
        PluginRegistry plugins = PluginRegistry.bundled(options, "1.2.3");
        plugins.load(reader.preview(List.of(argv), PluginOptions.all()), directory);
        return plugins;
    }

    /** Returns the lines of the report that says why nothing was loaded. */
    List<String> problems(String... argv) {
        try (PluginRegistry plugins = load(argv)) {
            throw new AssertionError("loaded: " + plugins.plugins());
        } catch (ConfigException e) {
            return e.getMessage().lines().map(String::strip).toList();
        }
    }
}
