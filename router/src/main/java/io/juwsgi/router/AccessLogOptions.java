package io.juwsgi.router;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.accesslog.AccessLog;
import io.juwsgi.router.accesslog.LineStyle;
import io.juwsgi.router.accesslog.Selection;
import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.spi.LogSink;
import java.util.List;
import java.util.Optional;

/** The options about the lines of requests: which there are, and what they look like. */
public final class AccessLogOptions {
    /** Every line of the log is one JSON object; the program acts on it too, for lines of other kinds. */
    public static final Option<Boolean> LOG_JSON = flag("log-json").doc("write every line of the log as a JSON object");

    private static final Option<Boolean> DISABLE_LOGGING =
            flag("disable-logging").shortName('L').doc("write no line for each request");
    private static final Option<Optional<String>> LOG_FORMAT = Option.text("log-format")
            .alias("logformat")
            .placeholder("FORMAT")
            .area("logging")
            .doc("format of the line for each request, with %(variables)");
    private static final Option<Boolean> LOG_FORMAT_STRFTIME = flag("log-format-strftime")
            .alias("logformat-strftime")
            .doc("replace the letters of strftime in log-format");
    private static final Option<Boolean> LOG_4XX =
            flag("log-4xx").doc("log requests that were answered with 4xx all the same");
    private static final Option<Boolean> LOG_5XX =
            flag("log-5xx").doc("log requests that were answered with 5xx all the same");
    private static final Option<Integer> LOG_SLOW =
            number("log-slow", "MILLISECONDS").doc("log requests that took so long all the same");
    private static final Option<Integer> LOG_BIG =
            number("log-big", "BYTES").doc("log requests with a larger body of the response all the same");
    private static final Option<Boolean> LOG_ZERO =
            flag("log-zero").doc("log requests with an empty body of the response all the same");
    private static final Option<Boolean> LOG_SENDFILE =
            flag("log-sendfile").doc("log requests that were answered from a file all the same");
    private static final Option<Boolean> LOG_IOERROR =
            flag("log-ioerror").doc("log requests whose client's connection broke all the same");
    private static final Option<Boolean> LOG_MICROS =
            flag("log-micros").doc("write microseconds in the line for each request");
    private static final Option<Boolean> LOG_X_FORWARDED_FOR = flag("log-x-forwarded-for")
            .doc("write the value of X-Forwarded-For as the address; for use behind a proxy that sets it");
    private static final Option<Boolean> MEMORY_REPORT =
            flag("memory-report").shortName('m').doc("begin the line for each request with the memory of its worker");

    private AccessLogOptions() {}

    private static Option<Boolean> flag(String name) {
        return Option.flag(name).area("logging");
    }

    private static Option<Integer> number(String name, String placeholder) {
        return Option.integer(name, -1).placeholder(placeholder).area("logging").shownDefault("");
    }

    static List<Option<?>> all() {
        return List.of(
                LOG_JSON,
                DISABLE_LOGGING,
                LOG_FORMAT,
                LOG_FORMAT_STRFTIME,
                LOG_4XX,
                LOG_5XX,
                LOG_SLOW,
                LOG_BIG,
                LOG_ZERO,
                LOG_SENDFILE,
                LOG_IOERROR,
                LOG_MICROS,
                LOG_X_FORWARDED_FOR,
                MEMORY_REPORT);
    }

    /** Returns what the settings ask to be written for each exchange. */
    static ExchangeLog log(Settings settings, LogSink sink) {
        Selection selection = new Selection(
                !settings.get(DISABLE_LOGGING),
                settings.get(LOG_4XX),
                settings.get(LOG_5XX),
                settings.get(LOG_SLOW),
                settings.get(LOG_BIG),
                settings.get(LOG_ZERO),
                settings.get(LOG_SENDFILE),
                settings.get(LOG_IOERROR));
        LineStyle style = new LineStyle(
                settings.get(LOG_FORMAT).filter(format -> !format.isEmpty()),
                settings.get(LOG_FORMAT_STRFTIME),
                settings.get(LOG_JSON),
                settings.get(LOG_MICROS),
                settings.get(LOG_X_FORWARDED_FOR),
                settings.get(MEMORY_REPORT));
        return AccessLog.of(sink, selection, style);
    }
}
