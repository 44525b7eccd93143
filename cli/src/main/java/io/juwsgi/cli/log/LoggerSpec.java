package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A logger as it was configured: {@code [NAME] TYPE[:ARGUMENT]}.
 *
 * @param name what routes call it, empty for a logger that gets all that no route takes
 * @param shown what complaints call it
 * @param type its type
 * @param argument what its type makes it of
 * @param where the position of the setting, for messages
 */
record LoggerSpec(String name, String shown, LogType<Logger> type, String argument, String where) {
    private static final Pattern FORM = Pattern.compile("(?:([A-Za-z0-9_-]+)\\s+)?([A-Za-z0-9_-]+)(?::(.*))?");

    static List<LoggerSpec> all(List<Setting> settings, LogTypes types) {
        return settings.stream().map(setting -> parse(setting, types)).toList();
    }

    private static LoggerSpec parse(Setting setting, LogTypes types) {
        Matcher form = FORM.matcher(setting.value().strip());
        if (!form.matches()) {
            throw new ConfigException(where(setting) + " (expected: [NAME] TYPE:ARGUMENT)");
        }
        String name = form.group(1) == null ? "" : form.group(1);
        String argument = form.group(3) == null ? "" : form.group(3);
        String shown = setting.value().strip();
        return new LoggerSpec(name, shown, types.logger(form.group(2), where(setting)), argument, where(setting));
    }

    /** Returns a logger of a fixed type, whose argument is the value of the setting. */
    static LoggerSpec of(Setting setting, String type, LogTypes types) {
        String value = setting.value().equals("true") && type.equals("syslog") ? "" : setting.value();
        String shown = type.equals("file") ? value : type + ":" + value;
        return new LoggerSpec("", shown, types.logger(type, where(setting)), value, where(setting));
    }

    /** Returns the logger to standard error. */
    static LoggerSpec standardError(LogTypes types) {
        return new LoggerSpec("", "standard error", types.logger("stdio", "log"), "", "log");
    }

    private static String where(Setting setting) {
        return setting.origin() + ": " + setting.option().name() + ": " + setting.value();
    }

    /** Makes the logger, which is not started yet. */
    Logger make() {
        try {
            return type.maker().apply(argument);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where + ": " + e.getMessage());
        }
    }
}
