package io.juwsgi.cache.rule;

import io.juwsgi.spi.http.HttpDates;
import org.jspecify.annotations.Nullable;

/** Dates of header fields on the clock of the cache, in milliseconds. */
public final class HttpDate {
    /** What a text that is no date, or one before 1970, reads as. */
    public static final long INVALID = Long.MIN_VALUE;

    private HttpDate() {}

    /** Returns the time in milliseconds since 1970, or {@link #INVALID}. */
    public static long parse(@Nullable String text) {
        long seconds = HttpDates.seconds(text);
        return seconds < 0 ? INVALID : seconds * 1000;
    }

    /** Returns the form that is sent. */
    public static String format(long millis) {
        return HttpDates.of(Math.floorDiv(millis, 1000L));
    }
}
