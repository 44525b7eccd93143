package io.juwsgi.cache.rule;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a shared cache may store, and for how long (RFC 9111 section 3).
 *
 * @param targets fields that stand above Cache-Control, the first that is there and valid (RFC 9213)
 * @param heuristicPercent which part of the time since Last-Modified a response that says nothing is fresh; 0 is not at all
 * @param negativeSeconds for how long an error of the resource that says nothing is fresh; 0 is not at all
 * @param ttl for how many seconds a response that may be stored and is no error is fresh, whatever it says; {@link
 *     CacheControl#ABSENT} leaves that to it
 */
public record StoragePolicy(List<String> targets, int heuristicPercent, long negativeSeconds, long ttl) {
    /** Longer than a day nothing is guessed to be fresh. */
    private static final long LONGEST_GUESS = 24 * 60 * 60;

    /** Nothing but what is said. */
    public static final StoragePolicy EXPLICIT = new StoragePolicy(List.of(), 0, 0, CacheControl.ABSENT);

    public StoragePolicy {
        targets = List.copyOf(targets);
    }

    /** Returns this with another {@link #ttl}. */
    public StoragePolicy lasting(long seconds) {
        return new StoragePolicy(targets, heuristicPercent, negativeSeconds, seconds);
    }

    /** Returns the directives of a response. */
    public CacheControl control(Fields fields) {
        return CacheControl.ofResponse(fields, targets);
    }

    /**
     * Returns how fresh a response is when it may be stored, Vary aside, or null.
     *
     * @param request what was asked; its method is GET
     * @param requestMillis when it was asked
     * @param responseMillis when the response came
     */
    public @Nullable Freshness judge(Request request, Response response, long requestMillis, long responseMillis) {
        Fields fields = response.fields();
        CacheControl control = control(fields);
        if (!allows(request, response, control)) {
            return null;
        }
        Freshness told =
                freshness(response.status(), fields, fields.first("age"), control, requestMillis, responseMillis);
        Freshness freshness = told.lifetime() == CacheControl.ABSENT ? guessed(request, response, control, told) : told;
        return isWorthIt(fields, control, freshness) ? freshness : null;
    }

    /**
     * Returns how fresh a response is that is or will be stored, by what it says and the operator says.
     *
     * @param age its Age field, which is not among the fields of a stored one
     */
    public Freshness freshness(
            int status,
            Fields fields,
            @Nullable String age,
            CacheControl control,
            long requestMillis,
            long responseMillis) {
        Freshness told = Freshness.of(fields, age, control, requestMillis, responseMillis);
        boolean overridden = ttl != CacheControl.ABSENT
                && status < 400
                && (told.lifetime() != CacheControl.ABSENT || isHeuristic(status));
        return overridden ? told.lasting(ttl) : told;
    }

    /** Returns whether a response that a 304 has renewed may stay. */
    public boolean keeps(Fields fields, CacheControl control) {
        return !control.noStore(true) && !control.isPrivate() && !hasCookie(fields, control);
    }

    private static boolean allows(Request request, Response response, CacheControl control) {
        Fields fields = response.fields();
        return request.method().equals("GET")
                && response.status() != 304
                && !control.noStore(isUnderstood(response.status()))
                && !control.isPrivate()
                && !hasCookie(fields, control)
                && (response.status() == 206) == fields.contains("content-range")
                && (control.allowsAuthorized() || !isAuthorized(request));
    }

    /** A cookie is for one client, but for one that the response itself withholds from the cache. */
    private static boolean hasCookie(Fields fields, CacheControl control) {
        return fields.contains("set-cookie") && !control.withheld().contains("set-cookie");
    }

    private Freshness guessed(Request request, Response response, CacheControl control, Freshness told) {
        if (control.targeted() && !control.isPublic()) {
            return told;
        }
        if (negativeSeconds > 0 && isNegative(response.status())) {
            return told.lasting(negativeSeconds);
        }
        long modified = HttpDate.parse(response.fields().first("last-modified"));
        boolean guess = heuristicPercent > 0
                && modified != HttpDate.INVALID
                && request.query().isEmpty()
                && (isHeuristic(response.status()) || control.isPublic());
        if (!guess) {
            return told;
        }
        long since = (Freshness.dateOf(response.fields(), told.responseMillis()) - modified) / 1000;
        return told.lasting(Math.clamp(since * heuristicPercent / 100, 0, LONGEST_GUESS));
    }

    /** Returns whether the response says how long it is fresh, and can be of use: now, or after a validation. */
    private static boolean isWorthIt(Fields fields, CacheControl control, Freshness freshness) {
        if (control.noCache() || freshness.lifetime() == 0) {
            return fields.contains("etag") || fields.contains("last-modified");
        }
        return freshness.lifetime() != CacheControl.ABSENT;
    }

    /** The statuses whose own rules for caches are followed here (RFC 9111 section 3, RFC 9110 section 15). */
    private static boolean isUnderstood(int status) {
        return isHeuristic(status) || status == 302 || status == 303 || status == 307;
    }

    /** RFC 9110 section 15.1. */
    private static boolean isHeuristic(int status) {
        return switch (status) {
            case 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501 -> true;
            default -> false;
        };
    }

    private static boolean isNegative(int status) {
        return status == 404 || status == 405 || status == 410 || status == 414 || status == 501;
    }

    /** Returns whether the answer may be for one user; a proxy that checked the user itself says REMOTE_USER. */
    public static boolean isAuthorized(Request request) {
        if (request.fields().contains("authorization")) {
            return true;
        }
        boolean[] user = {false};
        request.variables((name, value) -> user[0] |= name.equals("REMOTE_USER") && !value.isEmpty());
        return user[0];
    }

    /** Returns the members of comma-separated lists in lower case, empty ones left out. */
    static List<String> members(List<String> lists) {
        return lists.stream()
                .flatMap(list -> List.of(list.split(",", -1)).stream())
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }
}
