package io.juwsgi.cache.rule;

import io.juwsgi.spi.exchange.Fields;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How old a response is and how old it may become (RFC 9111 section 4.2).
 *
 * @param responseMillis when it came
 * @param initialAge how many seconds old it was then
 * @param lifetime for how many seconds it is fresh, {@link CacheControl#ABSENT} when it does not say
 * @param stale what may be done with it after that
 */
public record Freshness(long responseMillis, long initialAge, long lifetime, Staleness stale) {

    /**
     * What may be done with a response that is not fresh.
     *
     * @param noCache whether it is to be validated each time
     * @param mustRevalidate whether it is never to be used when it is stale
     * @param shared whether s-maxage forbids what the response does not itself allow
     * @param whileRevalidate for how many seconds it may be used while a new one is asked for (RFC 5861)
     * @param ifError for how many seconds it may be used when the application fails (RFC 5861)
     * @param immutable whether a fresh one is not to be validated because of a reload (RFC 8246)
     */
    public record Staleness(
            boolean noCache,
            boolean mustRevalidate,
            boolean shared,
            long whileRevalidate,
            long ifError,
            boolean immutable) {

        static Staleness of(CacheControl control) {
            return new Staleness(
                    control.noCache(),
                    control.mustRevalidate(),
                    control.sharedLifetime(),
                    control.staleWhileRevalidate(),
                    control.staleIfError(),
                    control.immutable());
        }
    }

    /**
     * Reads the fields of a response.
     *
     * @param age its Age field, which is not among the fields of a stored one
     * @param requestMillis when the request was sent
     * @param responseMillis when the response came
     */
    public static Freshness of(
            Fields fields, @Nullable String age, CacheControl control, long requestMillis, long responseMillis) {
        long dateMillis = dateOf(fields, responseMillis);
        return new Freshness(
                responseMillis,
                initialAge(age, dateMillis, requestMillis, responseMillis),
                lifetime(fields, control, dateMillis),
                Staleness.of(control));
    }

    /** Returns the response's Date; the time of arrival when it has none that can be read (RFC 9110 section 6.6.1). */
    static long dateOf(Fields fields, long responseMillis) {
        long date = HttpDate.parse(fields.first("date"));
        return date == HttpDate.INVALID ? responseMillis : date;
    }

    /** RFC 9111 section 4.2.3; of an Age that is a list the first member counts (section 5.1). */
    private static long initialAge(@Nullable String age, long dateMillis, long requestMillis, long responseMillis) {
        long apparent = Math.max(0, (responseMillis - dateMillis) / 1000);
        long told = age == null ? 0 : CacheControl.seconds(age.split(",", 2)[0]);
        return Math.max(apparent, told + Math.max(0, responseMillis - requestMillis) / 1000);
    }

    /** RFC 9111 section 4.2.1; an Expires that is no date, or one of several, is in the past (section 5.3). */
    private static long lifetime(Fields fields, CacheControl control, long dateMillis) {
        if (control.lifetime() != CacheControl.ABSENT || control.targeted()) {
            return control.lifetime();
        }
        List<String> expires = fields.all("expires");
        if (expires.isEmpty()) {
            return CacheControl.ABSENT;
        }
        long millis = HttpDate.parse(expires.getFirst());
        boolean clear = millis != HttpDate.INVALID && expires.size() == 1;
        return clear ? Math.max(0, (millis - dateMillis) / 1000) : 0;
    }

    /** Returns this with a lifetime that the response did not say. */
    Freshness lasting(long seconds) {
        return new Freshness(responseMillis, initialAge, seconds, stale);
    }

    /** Returns this as over. */
    public Freshness ended() {
        return new Freshness(responseMillis, initialAge, 0, stale);
    }

    /** Returns this as over from now on: what is counted from its end on, such as a grace, begins now. */
    public Freshness endedAt(long nowMillis) {
        return left(nowMillis) <= 0 ? this : lasting(age(nowMillis));
    }

    /** Returns how many seconds old the response is now. */
    public long age(long nowMillis) {
        return initialAge + Math.max(0, (nowMillis - responseMillis) / 1000);
    }

    /** Returns how many seconds are left until it is stale; 0 or less when it is. */
    public long left(long nowMillis) {
        return Math.max(lifetime, 0) - age(nowMillis);
    }

    /** Returns whether the response itself does not ask for a validation. */
    public boolean fresh(long nowMillis) {
        return !stale.noCache && left(nowMillis) > 0;
    }

    /** Returns whether a response may be used for a request without asking the application (RFC 9111 section 4.2.4, 5.2.1). */
    public boolean usable(CacheControl wish, long nowMillis) {
        if (stale.noCache || wish.noCache()) {
            return false;
        }
        long left = left(nowMillis);
        if (tooOld(wish, nowMillis) && !(stale.immutable && left > 0 && wish.maxAge() == 0)) {
            return false;
        }
        if (left > 0) {
            return left >= wish.minFresh();
        }
        return !stale.mustRevalidate
                && !stale.shared
                && wish.minFresh() == CacheControl.ABSENT
                && -left <= wish.maxStale();
    }

    private boolean tooOld(CacheControl wish, long nowMillis) {
        return wish.maxAge() != CacheControl.ABSENT && age(nowMillis) > wish.maxAge();
    }

    /** Returns whether a stale response may be used for a request while a new one is asked for (RFC 5861 section 3). */
    public boolean usableWhileRevalidating(CacheControl wish, long nowMillis) {
        long left = left(nowMillis);
        return left <= 0
                && -left < stale.whileRevalidate
                && !stale.noCache
                && !stale.mustRevalidate
                && !wish.noCache()
                && wish.minFresh() == CacheControl.ABSENT
                && !tooOld(wish, nowMillis);
    }

    /**
     * Returns whether a response may be used because the application failed (RFC 5861 section 4, RFC 9111 section 4.2.4).
     *
     * @param grace for how many seconds it may although neither side says so
     */
    public boolean usableOnError(CacheControl wish, long nowMillis, long grace) {
        if (stale.noCache || stale.mustRevalidate || wish.noCache()) {
            return false;
        }
        long told = Math.max(stale.ifError, wish.staleIfError());
        return -left(nowMillis) < Math.max(told, stale.shared ? 0 : grace);
    }
}
