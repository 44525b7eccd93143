package io.juwsgi.cli.log;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which lines go to which loggers, by regular expressions that are found anywhere in a line. Immutable.
 *
 * @param routes lines that go to the loggers of a name
 * @param drains lines that go nowhere
 * @param filters when there are any: the only lines that go anywhere
 */
record LineRules(List<Route> routes, List<Pattern> drains, List<Pattern> filters) {

    /** Lines that go to the loggers of a name. */
    record Route(String logger, Pattern pattern) {}

    static LineRules of(List<Setting> routes, List<Setting> drains, List<Setting> filters) {
        return new LineRules(
                routes.stream().map(LineRules::route).toList(),
                drains.stream().map(s -> pattern(s, s.value())).toList(),
                filters.stream().map(s -> pattern(s, s.value())).toList());
    }

    private static Route route(Setting setting) {
        String[] parts = setting.value().strip().split("\\s+", 2);
        if (parts.length < 2) {
            throw new ConfigException(where(setting) + " (expected: LOGGER REGEX)");
        }
        return new Route(parts[0], pattern(setting, parts[1]));
    }

    private static Pattern pattern(Setting setting, String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ConfigException(where(setting) + " (expected: a regular expression; " + e.getDescription() + ")");
        }
    }

    private static String where(Setting setting) {
        return setting.origin() + ": " + setting.option().name() + ": " + setting.value();
    }

    boolean isEmpty() {
        return routes.isEmpty() && drains.isEmpty() && filters.isEmpty();
    }

    boolean drops(String text) {
        return drains.stream().anyMatch(pattern -> pattern.matcher(text).find())
                || (!filters.isEmpty()
                        && filters.stream()
                                .noneMatch(pattern -> pattern.matcher(text).find()));
    }
}
