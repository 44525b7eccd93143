package io.juwsgi.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How the text of settings becomes values, as uWSGI reads it. */
final class Values {
    private static final Set<String> OFF = Set.of("false", "off", "no", "0");

    private Values() {}

    /** The last one counts: off for false, off, no and 0, on for everything else, also for no text at all. */
    static boolean flag(List<Setting> settings) {
        return !settings.isEmpty() && !OFF.contains(settings.getLast().value().toLowerCase(Locale.ROOT));
    }

    /** The last one counts; an optional argument that was left out means the default. */
    static int integer(List<Setting> settings, int defaultValue) {
        if (settings.isEmpty()) {
            return defaultValue;
        }
        Setting last = settings.getLast();
        boolean leftOut = last.value().isEmpty() && last.option().argument() == Option.Argument.OPTIONAL;
        return leftOut ? defaultValue : atoi(last.value());
    }

    static Optional<String> text(List<Setting> settings) {
        return settings.isEmpty()
                ? Optional.empty()
                : Optional.of(settings.getLast().value());
    }

    static List<String> list(List<Setting> settings) {
        return settings.stream().map(Setting::value).toList();
    }

    /** Reads a number as C's atoi does: leading blanks, one sign, digits; whatever follows is ignored, none means 0. */
    static int atoi(String text) {
        int i = 0;
        while (i < text.length() && (text.charAt(i) == ' ' || (text.charAt(i) >= '\t' && text.charAt(i) <= '\r'))) {
            i++;
        }
        boolean negative = i < text.length() && text.charAt(i) == '-';
        if (negative || (i < text.length() && text.charAt(i) == '+')) {
            i++;
        }
        long value = 0;
        for (; i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9'; i++) {
            value = Math.min(value * 10 + (text.charAt(i) - '0'), Integer.MAX_VALUE);
        }
        return (int) (negative ? -value : value);
    }
}
