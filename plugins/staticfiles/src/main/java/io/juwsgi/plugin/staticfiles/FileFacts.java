package io.juwsgi.plugin.staticfiles;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Looks at files, links followed. */
final class FileFacts {
    private FileFacts() {}

    /** Returns what is at a path, or null when there is nothing or it cannot be seen. */
    static @Nullable BasicFileAttributes of(Path path) {
        try {
            return path.getFileSystem().provider().readAttributesIfExists(path, BasicFileAttributes.class);
        } catch (IOException e) {
            return null;
        }
    }
}
