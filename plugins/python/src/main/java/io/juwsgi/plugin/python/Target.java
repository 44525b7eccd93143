package io.juwsgi.plugin.python;

import org.jspecify.annotations.Nullable;

/**
 * One application to load: a module or else a file, and what it is called in there.
 *
 * @param mountpoint the path below which it serves, empty for the default application
 * @param module the module's name, with {@code :callable} perhaps, or null
 * @param file the file's path, or null
 * @param callable a name, a dotted name or a factory that ends in {@code ()}; null to take the default
 */
record Target(
        String mountpoint,
        @Nullable String module,
        @Nullable String file,
        @Nullable String callable) {

    /** Returns what the user calls it. */
    String description() {
        String what = module != null ? "module " + module : "file " + file;
        String named = callable != null ? what + ", callable " + callable : what;
        return mountpoint.isEmpty() ? named : named + " at " + mountpoint;
    }
}
