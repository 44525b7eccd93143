package io.juwsgi.master;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The options by which others find and command a running server. */
final class ControlOptions {
    private static final String AREA = "process";
    private static final String PIDFILE_DOC = "write the server's process id to FILE";

    static final Option<Optional<String>> PIDFILE = pidfile("pidfile");
    static final Option<Optional<String>> PIDFILE2 = pidfile("pidfile2");
    static final Option<Optional<String>> SAFE_PIDFILE = pidfile("safe-pidfile");
    static final Option<Optional<String>> SAFE_PIDFILE2 = pidfile("safe-pidfile2");

    static final Option<List<String>> MASTER_FIFO = Option.list("master-fifo")
            .placeholder("FILE")
            .area(AREA)
            .doc("make a named pipe that takes commands of one letter: r reloads, q stops, s writes statistics ...");

    static final Option<Boolean> DIE_ON_TERM = Option.flag("die-on-term")
            .area(AREA)
            .doc("stop on SIGTERM (the default); false brings uWSGI's brutal reload back");

    private ControlOptions() {}

    private static Option<Optional<String>> pidfile(String name) {
        return Option.text(name).placeholder("FILE").area(AREA).doc(PIDFILE_DOC);
    }

    static List<Option<?>> all() {
        return List.of(PIDFILE, PIDFILE2, SAFE_PIDFILE, SAFE_PIDFILE2, MASTER_FIFO, DIE_ON_TERM);
    }

    /** Returns where others find and command the server. */
    static Control of(Settings settings) {
        List<Path> pidfiles = Stream.of(PIDFILE, PIDFILE2, SAFE_PIDFILE, SAFE_PIDFILE2)
                .flatMap(option -> settings.get(option).stream())
                .map(Path::of)
                .distinct()
                .toList();
        List<Path> fifos = settings.get(MASTER_FIFO).stream().map(Path::of).toList();
        return new Control(pidfiles, fifos, !settings.has(DIE_ON_TERM) || settings.get(DIE_ON_TERM));
    }

    /**
     * Where others find and command the server.
     *
     * @param pidfiles where the process id is written
     * @param fifos the named pipes that commands come through
     * @param dieOnTerm whether SIGTERM stops the server instead of reloading it brutally
     */
    record Control(List<Path> pidfiles, List<Path> fifos, boolean dieOnTerm) {
        static final Control NONE = new Control(List.of(), List.of(), true);
    }
}
