package io.juwsgi.plugin.cgi;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options of CGI, by uWSGI's names. */
final class CgiOptions {
    private static final String AREA = "cgi";

    static final Option<List<String>> CGI = Option.list("cgi")
            .placeholder("[MOUNT=]PATH")
            .area(AREA)
            .doc("answer requests of modifier1 9 below MOUNT with the scripts in a directory, or with one script");
    static final Option<List<String>> HELPER = Option.list("cgi-helper")
            .alias("cgi-map-helper")
            .placeholder("EXTENSION=PROGRAM")
            .area(AREA)
            .doc("run scripts of this extension with a program, such as .pl=perl");
    static final Option<List<String>> INDEX =
            Option.list("cgi-index").placeholder("FILE").area(AREA).doc("the script that answers for a directory");
    static final Option<List<String>> ALLOWED_EXT = Option.list("cgi-allowed-ext")
            .placeholder("EXTENSION")
            .area(AREA)
            .doc("run only scripts whose names end so");
    static final Option<List<String>> UNSET = Option.list("cgi-unset")
            .placeholder("VARIABLE")
            .area(AREA)
            .doc("keep a variable of the server's own environment from scripts");
    static final Option<List<String>> SAFE = Option.list("cgi-safe")
            .placeholder("DIRECTORY")
            .area(AREA)
            .doc("run scripts that links lead to in this directory, outside the one that is configured");
    static final Option<Integer> TIMEOUT = Option.integer("cgi-timeout", 60)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("seconds without output after which a script is killed");
    static final Option<Integer> BUFFER_SIZE = Option.integer("cgi-buffer-size", 65_536)
            .placeholder("BYTES")
            .area(AREA)
            .doc("largest head of a script's response");
    static final Option<Integer> PROCESSES = Option.integer("cgi-processes", 64)
            .area(AREA)
            .doc("how many scripts may run at a time; more requests wait");
    static final Option<Boolean> WHOLE_NAME = Option.flag("cgi-path-info")
            .area(AREA)
            .doc("take the whole path for the script's name, with nothing left for PATH_INFO");

    /** Settings of other parts that scripts follow as well; the last one counts. */
    static final Option<Integer> HARAKIRI = Option.integer("harakiri", 0);

    static final Option<Optional<String>> UID = Option.text("uid");
    static final Option<Optional<String>> GID = Option.text("gid");

    private CgiOptions() {}

    static List<Option<?>> all() {
        return List.of(CGI, HELPER, INDEX, ALLOWED_EXT, UNSET, SAFE, TIMEOUT, BUFFER_SIZE, PROCESSES, WHOLE_NAME);
    }
}
