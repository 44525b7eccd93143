package io.juwsgi.cli.log;

import io.juwsgi.config.Changes;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.router.AccessLogOptions;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogLine.Source;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.log.Strftime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the log of what the configuration says. Used on the main thread, and again at a reload. */
public final class LogSetup {
    /** The options that name a file for all lines; the last one that is set counts. */
    private static final Set<String> FILES = Set.of("logto", "logto2", "daemonize", "daemonize2");

    private final Settings settings;
    private final LogTypes types;
    private final StandardLog log;
    private final List<LogTarget> opened = new ArrayList<>();
    private final List<EncoderSpec> encoders;
    private final List<EncoderSpec> requestEncoders;
    /** Whether lines of requests go a way of their own. */
    private final boolean requestsApart;

    private @Nullable LogTarget base;

    private LogSetup(Settings settings, LogTypes types, StandardLog log) {
        this.settings = settings;
        this.types = types;
        this.log = log;
        this.encoders = EncoderSpec.all(settings.of(LogOptions.LOG_ENCODER), types);
        this.requestEncoders = EncoderSpec.all(settings.of(LogOptions.LOG_REQ_ENCODER), types);
        this.requestsApart = settings.has(LogOptions.REQ_LOGGER) || settings.has(LogOptions.LOG_REQ_ROUTE);
    }

    /**
     * Sends the log where the settings say, from now on.
     *
     * @param types the loggers and encoders of plugins
     * @throws ConfigException when a target cannot be opened or a setting is wrong; the log stays where it was
     */
    public static void apply(Settings settings, LogTypes types, StandardLog log) {
        LogSetup setup = new LogSetup(settings, types.with(FileSettings.loggers(settings)), log);
        try {
            log.use(setup.routes());
        } catch (ConfigException e) {
            setup.opened.forEach(LogTarget::abandon);
            throw e;
        }
        log.watch(TouchedLogs.of(settings, log));
    }

    /**
     * Sends the log where the settings of a reload say, if they say something new of it; no file is emptied. Else
     * {@code log-reopen} opens files again. Any thread may call, one at a time.
     *
     * @throws ConfigException as {@link #apply}
     */
    public static void applyAgain(Changes changes, Settings settings, LogTypes types, StandardLog log) {
        if (changes.concern(LogOptions.all()) || changes.concern(List.of(AccessLogOptions.LOG_JSON))) {
            apply(
                    new Settings(settings.all().stream()
                            .filter(setting -> !setting.option().equals(LogOptions.LOG_TRUNCATE))
                            .toList()),
                    types,
                    log);
        } else if (settings.get(LogOptions.LOG_REOPEN)) {
            log.reopen();
        }
    }

    private LogRoutes routes() {
        List<LoggerSpec> loggers = new ArrayList<>(LoggerSpec.all(settings.of(LogOptions.LOGGER), types));
        settings.of(LogOptions.LOG_SYSLOG).forEach(s -> loggers.add(LoggerSpec.of(s, "syslog", types)));
        settings.of(LogOptions.LOG_SOCKET).forEach(s -> loggers.add(LoggerSpec.of(s, "socket", types)));
        Path lines = path(
                loggers,
                LineRules.of(
                        settings.of(LogOptions.LOG_ROUTE),
                        settings.of(LogOptions.LOG_DRAIN),
                        settings.of(LogOptions.LOG_FILTER)),
                encoders);
        Path requests = requestsApart
                ? path(
                        LoggerSpec.all(settings.of(LogOptions.REQ_LOGGER), types),
                        LineRules.of(settings.of(LogOptions.LOG_REQ_ROUTE), List.of(), List.of()),
                        requestEncoders)
                : lines;
        return new LogRoutes(
                lines.entry(),
                requests.entry(),
                Stream.concat(lines.behind().stream(), requests.behind().stream())
                        .toList());
    }

    /**
     * One way from line to targets.
     *
     * @param entry where lines are offered
     * @param behind targets that get lines from one of those
     */
    private record Path(List<LogTarget> entry, List<LogTarget> behind) {}

    private Path path(List<LoggerSpec> specs, LineRules rules, List<EncoderSpec> shaped) {
        List<LogTarget> unnamed = new ArrayList<>();
        List<RoutedLines.Named> named = new ArrayList<>();
        for (LoggerSpec spec : specs) {
            LogTarget target = target(spec.shown(), spec.make(), encoders(spec.name(), shaped));
            if (spec.name().isEmpty()) {
                unnamed.add(target);
            } else {
                named.add(new RoutedLines.Named(spec.name(), target));
            }
        }
        if (unnamed.isEmpty()) {
            unnamed.add(base());
        }
        if (rules.isEmpty()) {
            return new Path(unnamed, List.of());
        }
        Logger routed = new RoutedLines(rules, unnamed, named);
        List<LogTarget> behind = new ArrayList<>(unnamed);
        named.forEach(one -> behind.add(one.target()));
        return new Path(List.of(target("routes", routed, List.of())), behind);
    }

    /** Returns the target of what no logger is for: the file that was named, or standard error. */
    private LogTarget base() {
        LogTarget made = base;
        if (made == null) {
            Optional<Setting> file = settings.all().stream()
                    .filter(setting -> FILES.contains(setting.option().name()))
                    .reduce((first, second) -> second);
            LoggerSpec spec = file.map(this::logto).orElseGet(() -> LoggerSpec.standardError(types));
            made = target(spec.shown(), spec.make(), baseEncoders());
            base = made;
        }
        return made;
    }

    /** A file, or an address for UDP. */
    private LoggerSpec logto(Setting setting) {
        return LoggerSpec.of(setting, setting.value().matches("[^/]*:[0-9]{1,5}") ? "socket" : "file", types);
    }

    private List<LogEncoder> encoders(String logger, List<EncoderSpec> shaped) {
        List<LogEncoder> chain = new ArrayList<>(List.of(text()));
        shaped.stream().filter(spec -> spec.isFor(logger)).forEach(spec -> chain.add(spec.encoder()));
        return chain;
    }

    /** The base may be behind both ways, so that its encoders look whose line it is. */
    private List<LogEncoder> baseEncoders() {
        List<LogEncoder> chain = new ArrayList<>(List.of(text()));
        for (EncoderSpec spec : encoders) {
            if (spec.isFor("")) {
                chain.add(line -> requestsApart && line.source() == Source.REQUEST
                        ? line.text()
                        : spec.encoder().encode(line));
            }
        }
        for (EncoderSpec spec : requestEncoders) {
            if (spec.isFor("")) {
                chain.add(line -> requestsApart && line.source() == Source.REQUEST
                        ? spec.encoder().encode(line)
                        : line.text());
            }
        }
        return chain;
    }

    private LogTarget target(String name, Logger logger, List<LogEncoder> chain) {
        LogTarget target = new LogTarget(name, logger, chain, log::complain);
        opened.add(target);
        target.open();
        return target;
    }

    /** Returns what every line passes first. */
    private LogEncoder text() {
        return settings.get(AccessLogOptions.LOG_JSON)
                ? new JsonText()
                : new PlainText(date(), settings.get(LogOptions.LOG_WORKER));
    }

    /** Returns the form of the date before messages: that of ctime unless another one is given. */
    private @Nullable Strftime date() {
        String text = settings.get(LogOptions.LOG_DATE).orElse("no");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "no", "off", "false", "0" -> null;
            case "", "yes", "on", "true", "1" -> Strftime.of("%c");
            default -> Strftime.of(text);
        };
    }
}
