package io.juwsgi.cli.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What kind of file a path names. */
final class LogFiles {
    private static final int TYPE_BITS = 0170000;
    private static final int PIPE = 0010000;

    private LogFiles() {}

    /** Returns what tells a regular file from another one of the same name, or null when there is none. */
    static @Nullable Object regularKey(Path path) {
        try {
            BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
            return found.isRegularFile() ? found.fileKey() : null;
        } catch (IOException e) {
            return null;
        }
    }

    static boolean isPipe(Path path) {
        try {
            return ((Integer) Files.getAttribute(path, "unix:mode") & TYPE_BITS) == PIPE;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
