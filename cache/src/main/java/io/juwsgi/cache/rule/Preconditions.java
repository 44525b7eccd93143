package io.juwsgi.cache.rule;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.http.Conditions;
import io.juwsgi.spi.http.EntityTags;
import io.juwsgi.spi.http.HttpDates;

/** A client's conditions, looked at by the cache in the application's place (RFC 9111 section 4.3.2). */
public final class Preconditions {
    private Preconditions() {}

    /** Returns whether the client has what is stored: it gets 304. */
    public static boolean notModified(Fields request, int status, Fields stored) {
        if (status != 200 && status != 206) {
            return false;
        }
        String modified = stored.first("last-modified");
        long seconds = HttpDates.seconds(modified != null ? modified : stored.first("date"));
        return Conditions.isNotModified(request, stored.first("etag"), seconds);
    }

    /**
     * Returns whether a part may be sent (RFC 9110 section 13.1.5): the client says nothing, or has the same version by a
     * strong comparison.
     */
    public static boolean rangeHolds(Fields request, Fields stored) {
        String condition = request.first("if-range");
        if (condition == null) {
            return true;
        }
        if (condition.startsWith("\"") || condition.startsWith("W/")) {
            String tag = stored.first("etag");
            return tag != null && EntityTags.sameStrong(condition, tag);
        }
        long modified = HttpDate.parse(stored.first("last-modified"));
        long date = HttpDate.parse(stored.first("date"));
        // A date is strong when it was a second old by then (RFC 9110 section 8.8.2.2).
        return modified != HttpDate.INVALID
                && modified == HttpDate.parse(condition)
                && date != HttpDate.INVALID
                && date - modified >= 1000;
    }
}
