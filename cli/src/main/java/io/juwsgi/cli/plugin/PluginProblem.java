package io.juwsgi.cli.plugin;

/** A plugin cannot be loaded. The message says which file, at which stage, what was found and what was expected. */
final class PluginProblem extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * Makes a problem.
     *
     * @param file the file or folder as the user named it
     * @param stage how far its loading went: folder, jar, manifest, class, constructor or register
     */
    PluginProblem(String file, String stage, String found) {
        super(file + ": " + stage + ": " + found);
    }
}
