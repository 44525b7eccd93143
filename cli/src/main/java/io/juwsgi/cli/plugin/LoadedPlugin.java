package io.juwsgi.cli.plugin;

import io.juwsgi.spi.Plugin;
import org.jspecify.annotations.Nullable;

/**
 * A plugin that was made, before it registers.
 *
 * @param origin the module or jar that it came from
 * @param version its version
 * @param loader its class loader, null for one that comes with the program
 * @param jar what its jar says of it, null for one that comes with the program
 */
record LoadedPlugin(
        Plugin plugin,
        String origin,
        String version,
        @Nullable PluginClassLoader loader,
        @Nullable PluginJar jar) {}
