package io.juwsgi.processes.emperor;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options of a server that runs other servers. */
public final class EmperorOptions {
    private static final String AREA = "emperor";

    static final Option<List<String>> EMPEROR = list("emperor", "DIRECTORY|GLOB")
            .doc("run a server for each configuration file there, and nothing else in this process");

    static final Option<Integer> FREQ = number("emperor-freq", 3).doc("look for changed files every so many seconds");

    static final Option<Integer> REQUIRED_HEARTBEAT = number("emperor-required-heartbeat", 0)
            .doc("restart a vassal that gives no sign of life for so many seconds");

    static final Option<Boolean> TYRANT = flag("emperor-tyrant")
            .doc("run each vassal as the owner of its file; only root can, and root's own files are refused");

    static final Option<Boolean> NOFOLLOW =
            flag("emperor-nofollow").doc("look at links themselves instead of the files that they name");

    static final Option<Integer> MAX_THROTTLE = Option.integer("emperor-max-throttle", 180_000)
            .placeholder("MILLISECONDS")
            .area(AREA)
            .doc("the longest pause before a vassal that ends again and again is started once more");

    static final Option<List<String>> EXTRA_EXTENSION = list("emperor-extra-extension", "EXTENSION")
            .alias("emperor-extra-ext")
            .doc("files of this kind are configurations, too");

    /** Where the emperor writes its process id. */
    public static final Option<Optional<String>> PIDFILE =
            Option.text("emperor-pidfile").placeholder("FILE").area(AREA).doc("write the emperor's process id to FILE");

    /** Where the emperor tells of its vassals. */
    public static final Option<Optional<String>> STATS = Option.text("emperor-stats")
            .alias("emperor-stats-server")
            .placeholder("ADDRESS")
            .area(AREA)
            .doc("write the state of the vassals as JSON to whoever connects to ADDRESS");

    static final Option<List<String>> INCLUDE =
            list("vassals-include", "FILE").doc("every vassal includes FILE after its own");

    static final Option<List<String>> INCLUDE_BEFORE =
            list("vassals-include-before", "FILE").doc("every vassal includes FILE before its own");

    static final Option<List<String>> INHERIT =
            list("vassals-inherit", "FILE").doc("every vassal inherits FILE after its own");

    static final Option<List<String>> INHERIT_BEFORE =
            list("vassals-inherit-before", "FILE").doc("every vassal inherits FILE before its own");

    static final Option<List<String>> SET =
            list("vassals-set", "KEY=VALUE").alias("vassal-set").doc("set an option or a placeholder in every vassal");

    static final Option<Optional<String>> HEAP = Option.text("vassal-heap")
            .placeholder("SIZE")
            .area(AREA)
            .doc("the heap of each vassal's gateway, such as 96m (default: 256m, or JUWSGI_HEAP)");

    private EmperorOptions() {}

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area(AREA);
    }

    private static Option<Integer> number(String name, int defaultValue) {
        return Option.integer(name, defaultValue).placeholder("SECONDS").area(AREA);
    }

    private static Option<Boolean> flag(String name) {
        return Option.flag(name).area(AREA);
    }

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(
                EMPEROR,
                FREQ,
                REQUIRED_HEARTBEAT,
                TYRANT,
                NOFOLLOW,
                MAX_THROTTLE,
                EXTRA_EXTENSION,
                PIDFILE,
                STATS,
                INCLUDE,
                INCLUDE_BEFORE,
                INHERIT,
                INHERIT_BEFORE,
                SET,
                HEAP);
    }
}
