package io.juwsgi.processes.cron;

import io.juwsgi.config.ConfigException;
import io.juwsgi.processes.KeyValues;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command and its times.
 *
 * @param time when
 * @param command a shell's command line
 * @param unique whether it does not start while it still runs
 * @param harakiri how long it may run; zero for ever
 */
record CronPlan(CronTime time, String command, boolean unique, Duration harakiri) {
    private static final Pattern FIVE_FIELDS =
            Pattern.compile("\\s*(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)\\s+(\\S.*)", Pattern.DOTALL);
    private static final Set<String> KEYS = Set.of("minute", "hour", "day", "month", "week", "unique", "harakiri");
    private static final int LONGEST = 7 * 86_400;

    /** Reads {@code MINUTE HOUR DAY MONTH WEEKDAY COMMAND}. */
    static CronPlan fields(String option, String value, boolean unique, Duration harakiri) {
        Matcher fields = FIVE_FIELDS.matcher(value);
        if (!fields.matches()) {
            throw new ConfigException(
                    option + ": " + value + " (expected: MINUTE HOUR DAY MONTH WEEKDAY COMMAND, -1 for any)");
        }
        CronTime time = new CronTime(
                minute(option, fields.group(1)),
                hour(option, fields.group(2)),
                day(option, fields.group(3)),
                month(option, fields.group(4)),
                week(option, fields.group(5)));
        return new CronPlan(time, fields.group(6).strip(), unique, harakiri);
    }

    /** Reads {@code KEY=VALUE,... COMMAND}; what is not named is any. */
    static CronPlan described(String option, String value, Duration harakiri) {
        String text = value.strip();
        int space = text.indexOf(' ');
        boolean keyed = text.substring(0, Math.max(space, 0)).indexOf('=') > 0;
        String command = (keyed ? text.substring(space + 1) : text).strip();
        if (command.isEmpty() || (space < 0 && text.indexOf('=') >= 0)) {
            throw new ConfigException(option + ": " + value + " (expected: KEY=VALUE,... COMMAND)");
        }
        Map<String, String> keys = keyed ? KeyValues.parse(option, text.substring(0, space), KEYS) : Map.of();
        CronTime time = new CronTime(
                minute(option, keys.getOrDefault("minute", "-1")),
                hour(option, keys.getOrDefault("hour", "-1")),
                day(option, keys.getOrDefault("day", "-1")),
                month(option, keys.getOrDefault("month", "-1")),
                week(option, keys.getOrDefault("week", "-1")));
        String seconds = keys.get("harakiri");
        Duration own = seconds == null
                ? harakiri
                : Duration.ofSeconds(KeyValues.number(option, "harakiri", seconds, 0, LONGEST));
        return new CronPlan(time, command, !keys.getOrDefault("unique", "0").equals("0"), own);
    }

    private static int minute(String option, String text) {
        return field(option, "minute", text, 0, 59);
    }

    private static int hour(String option, String text) {
        return field(option, "hour", text, 0, 23);
    }

    private static int day(String option, String text) {
        return field(option, "day", text, 1, 31);
    }

    private static int month(String option, String text) {
        return field(option, "month", text, 1, 12);
    }

    private static int week(String option, String text) {
        return field(option, "week", text, 0, 7);
    }

    /** A number that no clock ever shows is a mistake; uWSGI takes it, and never runs the command. */
    private static int field(String option, String name, String text, int least, int most) {
        int number = KeyValues.number(option, name, text, -most - 1, most);
        return number < 0 ? number : KeyValues.number(option, name, text, least, most);
    }

    /** Returns what it is called in the log: the name of the program. */
    String name() {
        String program = command.split("\\s+", 2)[0];
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
