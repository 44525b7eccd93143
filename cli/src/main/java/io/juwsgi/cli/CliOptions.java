package io.juwsgi.cli;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options that the program itself acts on. */
final class CliOptions {
    static final Option<Optional<String>> STATS = Option.text("stats")
            .alias("stats-server")
            .placeholder("ADDRESS")
            .area("stats")
            .doc("write uWSGI's statistics JSON to whoever connects to ADDRESS");

    static final Option<Optional<String>> RELOAD = Option.text("reload")
            .placeholder("PIDFILE")
            .area("process")
            .doc("reload the server whose process id is in PIDFILE, and exit");

    static final Option<Optional<String>> STOP = Option.text("stop")
            .placeholder("PIDFILE")
            .area("process")
            .doc("stop the server whose process id is in PIDFILE, and exit");

    static final Option<Optional<String>> CONNECT_AND_READ = Option.text("connect-and-read")
            .placeholder("ADDRESS")
            .area("other")
            .doc(
                    "print what a server at ADDRESS (host:port or a Unix socket's path) says to whoever connects, and exit");

    static final Option<List<String>> EXTRACT = Option.list("extract")
            .placeholder("NAME")
            .area("config")
            .doc("print what a file, or a name with a scheme, stands for, and exit");

    static final Option<Boolean> DUMP_OPTIONS =
            Option.flag("dump-options").area("config").doc("print the name of every option that is known, and exit");

    static final Option<Boolean> SHOW_CONFIG =
            Option.flag("show-config").area("config").doc("write the configuration to the log at start");

    static final Option<Optional<String>> DAEMONIZE = daemonize("daemonize").shortName('d');

    static final Option<Optional<String>> DAEMONIZE2 = daemonize("daemonize2");

    static final Option<Optional<String>> CTL_SOCKET = Option.text("ctl-socket")
            .placeholder("PATH")
            .area("process")
            .doc("the Unix socket that juwsgi ctl talks to (default: one in the runtime directory)");

    static final Option<Integer> UPGRADE_TIMEOUT = Option.integer("upgrade-timeout", 60)
            .placeholder("SECONDS")
            .area("process")
            .doc("how long the new process of an upgrade (SIGUSR2) may take until its application is loaded");

    private CliOptions() {}

    private static Option<Optional<String>> daemonize(String name) {
        return Option.text(name)
                .placeholder("FILE")
                .area("process")
                .doc(
                        "run in the background with FILE as the log; the command returns when the server is ready or has failed");
    }

    static List<Option<?>> all() {
        return List.of(
                STATS,
                RELOAD,
                STOP,
                CONNECT_AND_READ,
                EXTRACT,
                DUMP_OPTIONS,
                SHOW_CONFIG,
                CTL_SOCKET,
                UPGRADE_TIMEOUT,
                DAEMONIZE,
                DAEMONIZE2);
    }
}
