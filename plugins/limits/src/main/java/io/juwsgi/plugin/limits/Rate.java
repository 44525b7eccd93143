package io.juwsgi.plugin.limits;

import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often something may happen.
 *
 * @param count how many times
 * @param nanos in how long
 */
record Rate(int count, long nanos) {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,6})/([smhd])");

    /** Reads {@code 10/s}, {@code 100/m}, {@code 1000/h} or {@code 5000/d}; {@code component} begins a message. */
    static Rate parse(String component, String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    component + ": " + text + " (expected: such as 10/s, 100/m, 1000/h or 5000/d)");
        }
        TimeUnit unit = switch (matcher.group(2)) {
            case "s" -> TimeUnit.SECONDS;
            case "m" -> TimeUnit.MINUTES;
            case "h" -> TimeUnit.HOURS;
            default -> TimeUnit.DAYS;
        };
        return new Rate(Integer.parseInt(matcher.group(1)), unit.toNanos(1));
    }

    /** Returns how long after one the next may follow when they come evenly. */
    long interval() {
        return nanos / count;
    }
}
