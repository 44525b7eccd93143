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

    /** The last one counts: a number, and 1024 times as much for each of {@code k}, {@code m}, {@code g}. */
    static long size(List<Setting> settings, long defaultValue) {
        return settings.isEmpty() ? defaultValue : size(settings.getLast().value());
    }

    /** Reads a size; whatever follows one is ignored, none means 0. */
    static long size(String written) {
        String text = written.strip().toLowerCase(Locale.ROOT);
        int power = text.matches("[0-9]+[kmg]") ? " kmg".indexOf(text.charAt(text.length() - 1)) : 0;
        return number(text, Long.MAX_VALUE >> (10 * power)) << (10 * power);
    }

    /** Reads a number as C's atoi does: leading blanks, one sign, digits; whatever follows is ignored, none means 0. */
    static int atoi(String text) {
        return (int) number(text, Integer.MAX_VALUE);
    }

    private static long number(String text, long most) {
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
            int digit = text.charAt(i) - '0';
            value = value > (most - digit) / 10 ? most : value * 10 + digit;
        }
        return negative ? -value : value;
    }
}
