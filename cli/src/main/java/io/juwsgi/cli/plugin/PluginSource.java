package io.juwsgi.cli.plugin;

import java.nio.file.Path;
import java.util.List;

/**
 * Jars that share a class loader: those of one folder, or one jar alone.
 *
 * @param shown the folder or jar as the user named it
 * @param jars the jars, in order of name
 */
record PluginSource(String shown, List<Jar> jars) {

    /**
     * One jar.
     *
     * @param shown as the user named it
     * @param file where it is
     */
    record Jar(String shown, Path file) {}
}
