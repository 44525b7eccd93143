package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import org.jspecify.annotations.Nullable;

/**
 * How old a response is and how old it may become (RFC 9111 section 4.2).
 *
 * @param responseMillis when it came
 * @param initialAge how many seconds old it was then
 * @param lifetime for how many seconds it is fresh, {@link CacheControl#ABSENT} when it does not say
 * @param noCache whether it is to be validated each time
 * @param mustRevalidate whether it is never to be used when it is stale
 */
record Freshness(long responseMillis, long initialAge, long lifetime, boolean noCache, boolean mustRevalidate) {

    /**
     * Reads the fields of a response.
     *
     * @param age its Age field, which is not among the fields of a stored one
     * @param requestMillis when the request was sent
     * @param responseMillis when the response came
     */
    static Freshness of(
            Fields fields, @Nullable String age, CacheControl control, long requestMillis, long responseMillis) {
        long date = HttpDate.parse(fields.first("date"));
        long dateMillis = date == HttpDate.INVALID ? responseMillis : date;
        return new Freshness(
                responseMillis,
                initialAge(age, dateMillis, requestMillis, responseMillis),
                lifetime(fields, control, dateMillis),
                control.noCache(),
                control.mustRevalidate());
    }

    /** RFC 9111 section 4.2.3. */
    private static long initialAge(@Nullable String age, long dateMillis, long requestMillis, long responseMillis) {
        long apparent = Math.max(0, (responseMillis - dateMillis) / 1000);
        long corrected = (age == null ? 0 : CacheControl.seconds(age)) + (responseMillis - requestMillis) / 1000;
        return Math.max(apparent, corrected);
    }

    /** RFC 9111 section 4.2.1; an Expires that is no date, or one of several, is in the past (section 5.3). */
    private static long lifetime(Fields fields, CacheControl control, long dateMillis) {
        if (control.lifetime() != CacheControl.ABSENT) {
            return control.lifetime();
        }
        String expires = fields.first("expires");
        if (expires == null) {
            return CacheControl.ABSENT;
        }
        long millis = HttpDate.parse(expires);
        boolean clear = millis != HttpDate.INVALID && fields.all("expires").size() == 1;
        return clear ? Math.max(0, (millis - dateMillis) / 1000) : 0;
    }

    /** Returns how many seconds old the response is now. */
    long age(long nowMillis) {
        return initialAge + Math.max(0, (nowMillis - responseMillis) / 1000);
    }

    /** Returns how many seconds are left until it is stale; 0 or less when it is. */
    long left(long nowMillis) {
        return Math.max(lifetime, 0) - age(nowMillis);
    }

    /** Returns whether the response itself does not ask for a validation. */
    boolean fresh(long nowMillis) {
        return !noCache && left(nowMillis) > 0;
    }

    /** Returns whether a response may be used for a request without asking the application (RFC 9111 section 4.2.4, 5.2.1). */
    boolean usable(CacheControl wish, long nowMillis) {
        if (noCache || wish.noCache()) {
            return false;
        }
        long left = left(nowMillis);
        if (wish.maxAge() != CacheControl.ABSENT && age(nowMillis) > wish.maxAge()) {
            return false;
        }
        if (left > 0) {
            return left >= wish.minFresh();
        }
        return !mustRevalidate && wish.minFresh() == CacheControl.ABSENT && -left <= wish.maxStale();
    }
}
