package io.juwsgi.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A file that need not exist, and whether somebody has touched it: its time of modification has changed, or it has appeared.
 *
 * <p>Mutable; owned by one thread.
 */
public final class TouchedFile {
    private static final long MISSING = Long.MIN_VALUE;

    private final Path path;
    private long time;

    /** Takes the file as it is now. */
    public TouchedFile(Path path) {
        this.path = path;
        this.time = modified();
    }

    /** Returns the file. */
    public Path path() {
        return path;
    }

    /** Looks at the file and returns whether it has been touched since the last look. */
    public boolean look() {
        long before = time;
        time = modified();
        return time != before && time != MISSING;
    }

    private long modified() {
        try {
            return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        } catch (IOException missing) {
            return MISSING;
        }
    }
}
