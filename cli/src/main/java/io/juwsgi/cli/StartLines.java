package io.juwsgi.cli;

import io.juwsgi.config.Settings;
import io.juwsgi.master.MasterOptions;
import io.juwsgi.spi.LogSink;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The first lines in the log, in uWSGI's shape, because tools read them. */
final class StartLines {
    private static final DateTimeFormatter CTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);

    private StartLines() {}

    static void print(Settings settings, LogSink log) {
        int processes = settings.get(MasterOptions.PROCESSES);
        int threads = settings.get(MasterOptions.THREADS);
        log.line("*** Starting juwsgi " + Version.TEXT + " (64bit) on ["
                + CTIME.format(LocalDateTime.now(java.time.ZoneId.systemDefault())) + "] ***");
        log.line("detected number of CPU cores: " + Runtime.getRuntime().availableProcessors());
        log.line("current working directory: " + Path.of("").toAbsolutePath());
        log.line("*** Operational MODE: " + mode(processes, threads) + " ***");
    }

    private static String mode(int processes, int threads) {
        if (processes == 1) {
            return threads == 1 ? "single process" : "threaded";
        }
        return threads == 1 ? "preforking" : "preforking+threaded";
    }
}
