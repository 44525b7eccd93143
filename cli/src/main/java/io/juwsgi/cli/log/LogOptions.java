package io.juwsgi.cli.log;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options about where lines of the log go and what they look like; those about requests are the router's. */
public final class LogOptions {
    static final Option<Optional<String>> LOGTO =
            text("logto", "FILE").doc("write the log to FILE, or send it to HOST:PORT over UDP");
    static final Option<Optional<String>> LOGTO2 = text("logto2", "FILE").doc("the same as logto");
    static final Option<Boolean> LOG_TRUNCATE = flag("log-truncate").doc("empty log files at start");
    static final Option<Boolean> LOGFILE_CHOWN = flag("logfile-chown").doc("give log files to uid and gid");
    static final Option<Optional<String>> LOGFILE_CHMOD =
            text("logfile-chmod", "MODE").doc("give log files this octal mode");
    static final Option<Optional<String>> LOG_MAXSIZE =
            text("log-maxsize", "BYTES").doc("put a log file aside when it has this size, and begin a new one");
    static final Option<Optional<String>> LOG_BACKUPNAME =
            text("log-backupname", "NAME").doc("what a log file is renamed to when it is put aside");
    static final Option<List<String>> TOUCH_LOGROTATE =
            list("touch-logrotate", "FILE").doc("put log files aside when FILE is touched");
    static final Option<List<String>> TOUCH_LOGREOPEN =
            list("touch-logreopen", "FILE").doc("open log files again when FILE is touched");
    static final Option<List<String>> LOGGER = list("logger", "[NAME] TYPE:ARGUMENT")
            .doc("send the log to a logger; with a NAME, only what a route sends it");
    static final Option<List<String>> REQ_LOGGER = list("req-logger", "[NAME] TYPE:ARGUMENT")
            .alias("logger-req")
            .doc("send the lines of requests to a logger");
    static final Option<List<String>> LOG_ROUTE =
            list("log-route", "NAME REGEX").doc("send lines that match REGEX to the loggers called NAME");
    static final Option<List<String>> LOG_REQ_ROUTE = list("log-req-route", "NAME REGEX")
            .doc("send lines of requests that match REGEX to the loggers called NAME");
    static final Option<List<String>> LOG_ENCODER = list("log-encoder", "TYPE[:NAME] ARGUMENT")
            .doc("shape the lines of the log, or of the loggers called NAME");
    static final Option<List<String>> LOG_REQ_ENCODER = list("log-req-encoder", "TYPE[:NAME] ARGUMENT")
            .doc("shape the lines of requests, where they have a logger of their own");
    static final Option<List<String>> LOG_DRAIN = list("log-drain", "REGEX").doc("leave out lines that match REGEX");
    static final Option<List<String>> LOG_FILTER =
            list("log-filter", "REGEX").doc("leave out lines that match no log-filter");
    static final Option<List<String>> LOG_SYSLOG = list("log-syslog", "NAME[,FACILITY]")
            .optionalArgument()
            .doc("send the log to syslog, as logger = syslog:... does");
    static final Option<List<String>> LOG_SOCKET =
            list("log-socket", "ADDRESS").doc("send the log to an address, as logger = socket:... does");
    static final Option<Boolean> LOG_WORKER =
            flag("log-worker").doc("begin each line that a worker prints with its number");
    static final Option<Optional<String>> LOG_DATE = text("log-date", "FORMAT")
            .alias("logdate", "log-prefix")
            .optionalArgument()
            .doc("begin juwsgi's own lines with the date, in strftime's FORMAT if there is one");

    /** Log files are opened again when the application is loaded again. */
    public static final Option<Boolean> LOG_REOPEN =
            flag("log-reopen").doc("open log files again when the server reloads");

    private LogOptions() {}

    private static Option<Boolean> flag(String name) {
        return Option.flag(name).area("logging");
    }

    private static Option<Optional<String>> text(String name, String placeholder) {
        return Option.text(name).placeholder(placeholder).area("logging");
    }

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area("logging");
    }

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(
                LOGTO,
                LOGTO2,
                LOG_TRUNCATE,
                LOGFILE_CHOWN,
                LOGFILE_CHMOD,
                LOG_MAXSIZE,
                LOG_BACKUPNAME,
                TOUCH_LOGROTATE,
                TOUCH_LOGREOPEN,
                LOG_REOPEN,
                LOGGER,
                REQ_LOGGER,
                LOG_ROUTE,
                LOG_REQ_ROUTE,
                LOG_ENCODER,
                LOG_REQ_ENCODER,
                LOG_DRAIN,
                LOG_FILTER,
                LOG_SYSLOG,
                LOG_SOCKET,
                LOG_WORKER,
                LOG_DATE);
    }
}
