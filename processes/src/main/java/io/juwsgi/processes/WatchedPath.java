package io.juwsgi.processes;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file or a folder that need not exist, and whether anything about it has changed: it was written, replaced, removed or has appeared;
 * in a folder, the same of everything that lies in it, but not deeper, and not of what Python's compiler leaves there.
 *
 * <p>Mutable; owned by one thread.
 */
public final class WatchedPath {
    /** A folder with more than this is no folder of a program; the rest is not looked at. */
    private static final int MOST_ENTRIES = 4096;

    private static final String COMPILED = "__pycache__";

    private final Path path;
    private List<Seen> seen;

    /** What is compared of one file. */
    private record Seen(
            String name, long modified, long size, @Nullable Object key) {}

    /** Takes everything as it is now. */
    public WatchedPath(Path path) {
        this.path = path;
        this.seen = see();
    }

    /** Looks again and returns whether something has changed since the last look. */
    public boolean look() {
        List<Seen> before = seen;
        seen = see();
        return !seen.equals(before);
    }

    private List<Seen> see() {
        List<Seen> found = new ArrayList<>();
        see(path, found);
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : sorted(entries)) {
                    if (found.size() > MOST_ENTRIES) {
                        break;
                    }
                    if (!entry.endsWith(COMPILED)) {
                        see(entry, found);
                    }
                }
            } catch (IOException | DirectoryIteratorException e) {
                // It has gone meanwhile: the next look tells.
            }
        }
        return found;
    }

    /** The order in which a folder lists its entries may change by itself. */
    private static List<Path> sorted(DirectoryStream<Path> entries) {
        List<Path> all = new ArrayList<>();
        entries.forEach(all::add);
        Collections.sort(all);
        return all;
    }

    private static void see(Path file, List<Seen> found) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // Of a folder its entries tell, as far as they are looked at.
            boolean folder = attributes.isDirectory();
            found.add(new Seen(
                    Objects.toString(file.getFileName()),
                    folder ? 0 : attributes.lastModifiedTime().toMillis(),
                    folder ? 0 : attributes.size(),
                    attributes.fileKey()));
        } catch (IOException missing) {
            // Its absence is what is seen.
        }
    }
}
