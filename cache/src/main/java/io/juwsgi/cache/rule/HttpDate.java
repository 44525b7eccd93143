package io.juwsgi.cache.rule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates as header fields write them (RFC 9110 section 5.6.7). */
public final class HttpDate {
    /** What a text that is no date reads as. */
    public static final long INVALID = Long.MIN_VALUE;

    private static final DateTimeFormatter FIXED =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);
    /** A year of two digits is the one that is not more than 50 years ahead. */
    private static final int YEARS_AHEAD = 50;

    private HttpDate() {}

    /** Returns the time in milliseconds since 1970, or {@link #INVALID}. */
    public static long parse(@Nullable String text) {
        if (text == null) {
            return INVALID;
        }
        DateTimeFormatter format =
                text.length() > 3 && text.charAt(3) == ',' ? FIXED : text.indexOf(',') > 0 ? rfc850() : ASCTIME;
        try {
            return LocalDateTime.parse(text, format).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeException e) {
            return INVALID;
        }
    }

    private static DateTimeFormatter rfc850() {
        LocalDate first = LocalDate.now(ZoneOffset.UTC).plusYears(YEARS_AHEAD - 99L);
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, first)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH);
    }

    /** Returns the form that is sent. */
    public static String format(long millis) {
        return FIXED.format(Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC));
    }
}
