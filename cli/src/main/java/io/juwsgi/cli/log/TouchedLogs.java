package io.juwsgi.cli.log;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks once a second for files that somebody has touched, and opens or rotates the log's files. Owned by its own thread. */
final class TouchedLogs {
    private static final long MISSING = Long.MIN_VALUE;
    private static final long PAUSE = 1000;

    private static final class Watched {
        final Path path;
        final Runnable action;
        long time;

        Watched(Path path, Runnable action) {
            this.path = path;
            this.action = action;
            this.time = modified(path);
        }
    }

    private final List<Watched> files = new ArrayList<>();
    private final LogSink log;

    private TouchedLogs(LogSink log) {
        this.log = log;
    }

    /** Returns what looks for these files until it is interrupted; null when there is nothing to look at. */
    static @Nullable Runnable of(Settings settings, LogSink log) {
        TouchedLogs touched = new TouchedLogs(log);
        settings.get(LogOptions.TOUCH_LOGROTATE)
                .forEach(file -> touched.files.add(new Watched(Path.of(file), log::rotate)));
        settings.get(LogOptions.TOUCH_LOGREOPEN)
                .forEach(file -> touched.files.add(new Watched(Path.of(file), log::reopen)));
        return touched.files.isEmpty() ? null : touched::run;
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                files.forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Watched file) {
        long time = modified(file.path);
        boolean touched = time != file.time && time != MISSING;
        file.time = time;
        if (touched) {
            log.line("*** " + file.path + " has been touched ***");
            file.action.run();
        }
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
        } catch (IOException missing) {
            return MISSING;
        }
    }
}
