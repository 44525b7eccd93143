package io.juwsgi.plugin.staticfiles;

import io.juwsgi.spi.http.HttpDates;

/**
 * When something expires.
 *
 * @param seconds how long it lasts
 * @param sinceChange whether that is counted from the file's last change, and not from now
 */
record Expiry(long seconds, boolean sinceChange) {

    /** Returns the Expires field of a file. */
    String field(long modified, long now) {
        return HttpDates.of((sinceChange ? modified : now) + seconds);
    }
}
