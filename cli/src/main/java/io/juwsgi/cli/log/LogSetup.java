package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.router.AccessLogOptions;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.log.Strftime;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes the log of what the configuration says. Used on the main thread, once. */
public final class LogSetup {
    private final Settings settings;
    private final StandardLog log;

    private LogSetup(Settings settings, StandardLog log) {
        this.settings = settings;
        this.log = log;
    }

    /**
     * Sends the log where the settings say, from now on.
     *
     * @throws ConfigException when a target cannot be opened or a setting is wrong; the log stays where it was
     */
    public static void apply(Settings settings, StandardLog log) {
        LogSetup setup = new LogSetup(settings, log);
        log.use(LogRoutes.to(setup.base()));
        TouchedLogs.watch(settings, log);
    }

    /** Returns the target of what no logger is for: the file that was named, or standard error. */
    private LogTarget base() {
        Optional<Setting> file = lastOf(List.of(LogOptions.LOGTO, LogOptions.LOGTO2));
        Logger logger = file.map(setting -> file(setting.value()))
                .orElseGet(() -> new StreamLogger(new FileOutputStream(FileDescriptor.err)));
        return target(file.map(Setting::value).orElse("standard error"), logger, List.of());
    }

    private Optional<Setting> lastOf(List<Option<?>> options) {
        return settings.all().stream()
                .filter(setting -> options.stream()
                        .anyMatch(o -> o.name().equals(setting.option().name())))
                .reduce((first, second) -> second);
    }

    private LogTarget target(String name, Logger logger, List<LogEncoder> more) {
        // The target is named in complaints about it, which only exist once it does.
        LogTarget[] self = new LogTarget[1];
        List<LogEncoder> encoders =
                Stream.concat(Stream.of(text()), more.stream()).toList();
        LogTarget target = new LogTarget(name, logger, encoders, complaint -> log.complain(self[0], complaint));
        self[0] = target;
        try {
            logger.start();
        } catch (Exception e) {
            throw new ConfigException("log: cannot open " + name + ": " + e);
        }
        return target;
    }

    /** Returns what every line passes first. */
    private LogEncoder text() {
        if (settings.get(AccessLogOptions.LOG_JSON)) {
            return new JsonText();
        }
        return new PlainText(date(), settings.get(LogOptions.LOG_WORKER));
    }

    /** Returns the form of the date before messages: that of ctime unless another one is given. */
    private @Nullable Strftime date() {
        String text = settings.get(LogOptions.LOG_DATE).orElse("no").toLowerCase(Locale.ROOT);
        return switch (text) {
            case "no", "off", "false", "0" -> null;
            case "", "yes", "on", "true", "1" -> Strftime.of("%c");
            default -> Strftime.of(settings.get(LogOptions.LOG_DATE).orElseThrow());
        };
    }

    private Logger file(String path) {
        return switch (path) {
            case "/dev/stderr", "/proc/self/fd/2" -> new StreamLogger(new FileOutputStream(FileDescriptor.err));
            case "/dev/stdout", "/proc/self/fd/1" -> new StreamLogger(new FileOutputStream(FileDescriptor.out));
            default -> new FileLogger(FileSettings.of(settings, Path.of(path)));
        };
    }
}
