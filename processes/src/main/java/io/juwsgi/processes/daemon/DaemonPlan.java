package io.juwsgi.processes.daemon;

import io.juwsgi.config.ConfigException;
import io.juwsgi.processes.KeyValues;
import io.juwsgi.processes.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One program that is to be attached.
 *
 * @param command a shell's command line
 * @param pidfile where its process id stands, if it is to outlive the server
 * @param patience how long a pidfile may be without a process before the program is started again
 * @param writesPidfile whether the program stays in the foreground, so that the pidfile is written for it
 * @param control whether the server stops when it ends
 * @param touch files whose touch restarts it
 * @param stopSignal what ends it
 * @param reloadSignal what it gets when the server reloads, 0 for nothing
 * @param notifies whether it hears of a reload or stop although it has a pidfile
 * @param inheritsInput whether it reads the server's standard input
 * @param uid as whom it runs, if not as the application
 * @param gid its group, if not the application's
 * @param directory where it runs, if not where the application does
 * @param throttle the longest pause before a restart
 */
record DaemonPlan(
        String command,
        Optional<Path> pidfile,
        Duration patience,
        boolean writesPidfile,
        boolean control,
        List<Path> touch,
        int stopSignal,
        int reloadSignal,
        boolean notifies,
        boolean inheritsInput,
        Optional<String> uid,
        Optional<String> gid,
        Optional<Path> directory,
        Duration throttle) {

    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final int PATIENCE = 10;
    private static final int DAY = 86_400;

    private static final Set<String> KEYS = Set.of(
            "cmd",
            "command",
            "exec",
            "freq",
            "pidfile",
            "control",
            "daemonize",
            "daemon",
            "touch",
            "stopsignal",
            "stop_signal",
            "reloadsignal",
            "reload_signal",
            "stdin",
            "uid",
            "gid",
            "chdir",
            "max_throttle",
            "notifypid");

    DaemonPlan {
        touch = List.copyOf(touch);
    }

    /** Reads {@code COMMAND}. */
    static DaemonPlan simple(String option, String value, boolean control) {
        return described(option, Map.of("cmd", value, "control", control ? "1" : ""));
    }

    /** Reads {@code PIDFILE[,SECONDS] COMMAND}. */
    static DaemonPlan smart(String option, String value, boolean writesPidfile) {
        String text = value.strip();
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new ConfigException(option + ": " + value + " (expected: PIDFILE[,SECONDS] COMMAND)");
        }
        String[] file = text.substring(0, space).split(",", 2);
        return described(
                option,
                Map.of(
                        "cmd",
                        text.substring(space + 1),
                        "pidfile",
                        file[0],
                        "freq",
                        file.length > 1 ? file[1] : Integer.toString(PATIENCE),
                        "daemonize",
                        writesPidfile ? "1" : ""));
    }

    /** Reads {@code KEY=VALUE,...}. */
    static DaemonPlan described(String option, String value) {
        return described(option, KeyValues.parse(option, value, KEYS));
    }

    private static DaemonPlan described(String option, Map<String, String> keys) {
        String command = first(keys, "cmd", "command", "exec").orElse("").strip();
        if (command.isEmpty()) {
            throw new ConfigException(option + ": no command (expected: cmd=COMMAND)");
        }
        Optional<Path> pidfile =
                first(keys, "pidfile").map(Path::of).map(Path::toAbsolutePath).map(Path::normalize);
        boolean writesPidfile = isSet(keys, "daemonize", "daemon");
        if (writesPidfile && pidfile.isEmpty()) {
            throw new ConfigException(option + ": daemonize without a pidfile (expected: pidfile=FILE)");
        }
        return new DaemonPlan(
                command,
                pidfile,
                Duration.ofSeconds(number(option, keys, "freq", PATIENCE, 1, DAY)),
                writesPidfile,
                isSet(keys, "control"),
                files(first(keys, "touch")),
                signal(option, first(keys, "stopsignal", "stop_signal"), Signals.TERM),
                signal(option, first(keys, "reloadsignal", "reload_signal"), 0),
                isSet(keys, "notifypid"),
                isSet(keys, "stdin"),
                first(keys, "uid"),
                first(keys, "gid"),
                first(keys, "chdir").map(Path::of).map(Path::toAbsolutePath),
                Duration.ofSeconds(number(option, keys, "max_throttle", (int) LONGEST_PAUSE.toSeconds(), 0, DAY)));
    }

    private static Optional<String> first(Map<String, String> keys, String... names) {
        return Arrays.stream(names)
                .filter(keys::containsKey)
                .map(name -> keys.getOrDefault(name, ""))
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    private static boolean isSet(Map<String, String> keys, String... names) {
        return first(keys, names).filter(value -> !value.strip().equals("0")).isPresent();
    }

    private static int number(
            String option, Map<String, String> keys, String key, int defaultValue, int least, int most) {
        return first(keys, key)
                .map(text -> KeyValues.number(option, key, text, least, most))
                .orElse(defaultValue);
    }

    private static int signal(String option, Optional<String> text, int defaultSignal) {
        return text.map(name -> Signals.parse(name)
                        .orElseThrow(() -> new ConfigException(
                                option + ": signal " + name + " (expected: a number or a name such as TERM)")))
                .orElse(defaultSignal);
    }

    private static List<Path> files(Optional<String> text) {
        return text.stream()
                .flatMap(list -> Arrays.stream(list.split(";", -1)))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .toList();
    }

    /** Returns what it is called in the log: the name of the program. */
    String name() {
        String[] words = command.split("\\s+", 2);
        return words[0].substring(words[0].lastIndexOf('/') + 1);
    }
}
