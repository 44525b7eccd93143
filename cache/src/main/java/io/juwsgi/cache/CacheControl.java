package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Fields;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The Cache-Control directives of a request or a response (RFC 9111 section 5.2). Qualified forms of {@code no-cache} and
 * {@code private} count as the plain ones, repeated directives as the strictest, and an age that is no number as 0.
 * Immutable once made.
 */
final class CacheControl {
    /** What a number of seconds that is not there reads as. */
    static final long ABSENT = -1;
    /** More than this many seconds count as this many (RFC 9111 section 1.2.2). */
    private static final long LONGEST = 1L << 31;

    private static final CacheControl NONE = new CacheControl();

    private boolean noStore;
    private boolean noCache;
    private boolean isPrivate;
    private boolean isPublic;
    private boolean mustRevalidate;
    private boolean proxyRevalidate;
    private boolean onlyIfCached;
    private long maxAge = ABSENT;
    private long sharedMaxAge = ABSENT;
    private long minFresh = ABSENT;
    private long maxStale = ABSENT;

    private CacheControl() {}

    /** Reads the directives of a request; Pragma counts when there are none (RFC 9111 section 5.4). */
    static CacheControl ofRequest(Fields fields) {
        CacheControl read = ofResponse(fields);
        String pragma = read == NONE ? fields.first("pragma") : null;
        if (pragma == null || !pragma.toLowerCase(Locale.ROOT).contains("no-cache")) {
            return read;
        }
        CacheControl noCache = new CacheControl();
        noCache.noCache = true;
        return noCache;
    }

    /** Reads the directives of a response. */
    static CacheControl ofResponse(Fields fields) {
        CacheControl read = null;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("cache-control")) {
                read = read == null ? new CacheControl() : read;
                read.parse(fields.value(i));
            }
        }
        return read == null ? NONE : read;
    }

    private void parse(String list) {
        int i = 0;
        while (i < list.length()) {
            int start = i;
            while (i < list.length() && list.charAt(i) != ',' && list.charAt(i) != '=') {
                i++;
            }
            String name = list.substring(start, i).strip().toLowerCase(Locale.ROOT);
            String argument = null;
            if (i < list.length() && list.charAt(i) == '=') {
                int end = endOfArgument(list, i + 1);
                argument = list.substring(i + 1, end).strip();
                i = end;
            }
            directive(name, argument);
            i++;
        }
    }

    /** Returns where the comma after an argument is, which may be a quoted string with commas in it. */
    private static int endOfArgument(String list, int from) {
        boolean quoted = false;
        for (int i = from; i < list.length(); i++) {
            char c = list.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i;
            }
        }
        return list.length();
    }

    private void directive(String name, @Nullable String argument) {
        switch (name) {
            case "no-store" -> noStore = true;
            case "no-cache" -> noCache = true;
            case "private" -> isPrivate = true;
            case "public" -> isPublic = true;
            case "must-revalidate" -> mustRevalidate = true;
            case "proxy-revalidate" -> proxyRevalidate = true;
            case "only-if-cached" -> onlyIfCached = true;
            case "max-age" -> maxAge = shorter(maxAge, seconds(argument));
            case "s-maxage" -> sharedMaxAge = shorter(sharedMaxAge, seconds(argument));
            case "min-fresh" -> minFresh = Math.max(minFresh, seconds(argument));
            case "max-stale" -> maxStale = shorter(maxStale, argument == null ? LONGEST : seconds(argument));
            default -> {
                // A cache ignores what it does not know (RFC 9111 section 5.2.3).
            }
        }
    }

    private static long shorter(long before, long now) {
        return before == ABSENT ? now : Math.min(before, now);
    }

    /** Reads a number of seconds, also a quoted one; what is none counts as 0, so that the response is stale. */
    static long seconds(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        boolean quoted = text.length() > 2 && text.startsWith("\"") && text.endsWith("\"");
        String digits = quoted ? text.substring(1, text.length() - 1) : text;
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                return 0;
            }
            value = Math.min(value * 10 + (c - '0'), LONGEST);
        }
        return value;
    }

    boolean noStore() {
        return noStore;
    }

    boolean noCache() {
        return noCache;
    }

    boolean isPrivate() {
        return isPrivate;
    }

    boolean onlyIfCached() {
        return onlyIfCached;
    }

    /** Returns whether stale is never good enough: s-maxage says that too (RFC 9111 section 5.2.2.10). */
    boolean mustRevalidate() {
        return mustRevalidate || proxyRevalidate || sharedMaxAge != ABSENT;
    }

    /** Returns whether a response to a request with Authorization may be stored (RFC 9111 section 3.5). */
    boolean allowsAuthorized() {
        return isPublic || mustRevalidate || sharedMaxAge != ABSENT;
    }

    /** Returns how many seconds a response stays fresh in a shared cache, or {@link #ABSENT}. */
    long lifetime() {
        return sharedMaxAge != ABSENT ? sharedMaxAge : maxAge;
    }

    long maxAge() {
        return maxAge;
    }

    long minFresh() {
        return minFresh;
    }

    long maxStale() {
        return maxStale;
    }
}
