package io.juwsgi.spi.http;

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

/** Dates as header fields have them (RFC 9110 section 5.6.7). Any thread may use it. */
public final class HttpDates {
    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH);
    /** A year of two digits is the one that is not more than 50 years ahead. */
    private static final int YEARS_AHEAD = 50;

    private static final int MAX_LENGTH = 40;

    private HttpDates() {}

    /** Returns the date of a time in seconds since 1970, in the form that is sent. */
    public static String of(long seconds) {
        return FORM.format(Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.UTC));
    }

    /** Returns the time of a date, in one of the three forms that are read, in seconds since 1970; -1 when it is none. */
    public static long seconds(@Nullable String date) {
        if (date == null || date.length() > MAX_LENGTH) {
            return -1;
        }
        int comma = date.indexOf(',');
        DateTimeFormatter form = comma == 3 ? FORM : comma > 3 ? rfc850() : ASCTIME;
        try {
            return Math.max(-1, LocalDateTime.parse(date, form).toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return -1;
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
}
