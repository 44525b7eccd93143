package io.juwsgi.spi.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as header fields have them, in the form that is sent today (RFC 9110 section 5.6.7). Any thread may use it. */
public final class HttpDates {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private HttpDates() {}

    /** Returns the date of a time in seconds since 1970. */
    public static String of(long seconds) {
        return FORM.format(Instant.ofEpochSecond(seconds));
    }

    /** Returns the time of a date in seconds since 1970; -1 when it is none. */
    public static long seconds(@Nullable String date) {
        try {
            return date == null ? -1 : FORM.parse(date, Instant::from).getEpochSecond();
        } catch (DateTimeException e) {
            return -1;
        }
    }
}
