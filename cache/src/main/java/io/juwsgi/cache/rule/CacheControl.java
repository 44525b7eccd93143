package io.juwsgi.cache.rule;

import io.juwsgi.spi.exchange.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Cache-Control directives of a request or a response (RFC 9111 section 5.2), or those of a targeted field (RFC 9213).
 * Repeated directives count as the strictest, and an age that is no number as 0. Immutable once made.
 */
public final class CacheControl {
    /** What a number of seconds that is not there reads as. */
    public static final long ABSENT = -1;
    /** More than this many seconds count as this many (RFC 9111 section 1.2.2). */
    private static final long LONGEST = 1L << 31;

    private static final CacheControl NONE = new CacheControl();

    private boolean targeted;
    private boolean noStore;
    private boolean noCache;
    private boolean isPrivate;
    private boolean isPublic;
    private boolean mustRevalidate;
    private boolean proxyRevalidate;
    private boolean mustUnderstand;
    private boolean immutable;
    private boolean onlyIfCached;
    private long maxAge = ABSENT;
    private long sharedMaxAge = ABSENT;
    private long minFresh = ABSENT;
    private long maxStale = ABSENT;
    private long staleWhileRevalidate = ABSENT;
    private long staleIfError = ABSENT;
    private Set<String> withheld = Set.of();

    private CacheControl() {}

    /** Reads the directives of a request; Pragma counts when there are none (RFC 9111 section 5.4). */
    public static CacheControl ofRequest(Fields fields) {
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
    public static CacheControl ofResponse(Fields fields) {
        CacheControl read = null;
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("cache-control")) {
                read = read == null ? new CacheControl() : read;
                read.parse(fields.value(i));
            }
        }
        return read == null ? NONE : read;
    }

    /**
     * Reads the directives that a response has for one of a list of targets, the first that is there and valid; those of
     * Cache-Control when none is (RFC 9213 section 2.2).
     */
    public static CacheControl ofResponse(Fields fields, List<String> targets) {
        for (String target : targets) {
            List<String> lines = fields.all(target);
            Map<String, Object> read = lines.isEmpty() ? null : StructuredFields.dictionary(String.join(",", lines));
            if (read != null && !read.isEmpty()) {
                CacheControl control = new CacheControl();
                control.targeted = true;
                read.forEach(control::member);
                return control;
            }
        }
        return ofResponse(fields);
    }

    /** RFC 9213 section 2.1: a member of another type than the directive has is left out. */
    private void member(String name, Object value) {
        switch (value) {
            case Boolean on when on -> directive(name, null);
            case Long number when number >= 0 -> directive(name, number.toString());
            case String text -> directive(name, text);
            default -> {}
        }
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
            case "no-cache" -> noCache |= !withholds(argument);
            case "private" -> isPrivate |= !withholds(argument);
            case "public" -> isPublic = true;
            case "must-revalidate" -> mustRevalidate = true;
            case "proxy-revalidate" -> proxyRevalidate = true;
            case "must-understand" -> mustUnderstand = true;
            case "immutable" -> immutable = true;
            case "only-if-cached" -> onlyIfCached = true;
            case "max-age" -> maxAge = shorter(maxAge, seconds(argument));
            case "s-maxage" -> sharedMaxAge = shorter(sharedMaxAge, seconds(argument));
            case "min-fresh" -> minFresh = Math.max(minFresh, seconds(argument));
            case "max-stale" -> maxStale = shorter(maxStale, argument == null ? LONGEST : seconds(argument));
            case "stale-while-revalidate" -> staleWhileRevalidate = shorter(staleWhileRevalidate, seconds(argument));
            case "stale-if-error" -> staleIfError = shorter(staleIfError, seconds(argument));
            default -> {
                // A cache ignores what it does not know (RFC 9111 section 5.2.3).
            }
        }
    }

    /**
     * Takes the fields of a qualified {@code private} or {@code no-cache} (RFC 9111 sections 5.2.2.4 and 5.2.2.7). Returns
     * false for what is not a list of names: it counts as the plain directive.
     */
    private boolean withholds(@Nullable String argument) {
        if (argument == null) {
            return false;
        }
        Set<String> names = new HashSet<>(withheld);
        for (String part : unquoted(argument).split(",", -1)) {
            String name = part.strip().toLowerCase(Locale.ROOT);
            if (name.isEmpty() || !isToken(name)) {
                return false;
            }
            names.add(name);
        }
        withheld = Set.copyOf(names);
        return true;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letter && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static long shorter(long before, long now) {
        return before == ABSENT ? now : Math.min(before, now);
    }

    /** Reads a number of seconds, also a quoted one; what is none counts as 0, so that the response is stale. */
    public static long seconds(@Nullable String text) {
        String digits = text == null ? "" : unquoted(text.strip());
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

    /** Returns whether these are of a targeted field, beside which Cache-Control and Expires do not count. */
    boolean targeted() {
        return targeted;
    }

    /** Returns whether nothing may be stored; {@code must-understand} stands above it where the status is understood. */
    public boolean noStore(boolean understood) {
        return mustUnderstand ? !understood : noStore;
    }

    /** Returns whether a request wants nothing of it stored. */
    public boolean noStore() {
        return noStore;
    }

    public boolean noCache() {
        return noCache;
    }

    public boolean isPrivate() {
        return isPrivate;
    }

    public boolean isPublic() {
        return isPublic;
    }

    /** Returns the names, lower case, of fields that are for the first client alone. */
    public Set<String> withheld() {
        return withheld;
    }

    boolean immutable() {
        return immutable;
    }

    public boolean onlyIfCached() {
        return onlyIfCached;
    }

    /** Returns whether stale is never good enough, whatever else the response says. */
    boolean mustRevalidate() {
        return mustRevalidate || proxyRevalidate;
    }

    /** Returns whether {@code s-maxage} says how long: that means {@code proxy-revalidate} too (RFC 9111 section 5.2.2.10). */
    boolean sharedLifetime() {
        return sharedMaxAge != ABSENT;
    }

    /** Returns whether a response to a request with Authorization may be stored (RFC 9111 section 3.5). */
    boolean allowsAuthorized() {
        return isPublic || mustRevalidate || sharedMaxAge != ABSENT;
    }

    /** Returns how many seconds a response stays fresh in a shared cache, or {@link #ABSENT}. */
    long lifetime() {
        return sharedMaxAge != ABSENT ? sharedMaxAge : maxAge;
    }

    public long maxAge() {
        return maxAge;
    }

    long minFresh() {
        return minFresh;
    }

    long maxStale() {
        return maxStale;
    }

    long staleWhileRevalidate() {
        return staleWhileRevalidate;
    }

    long staleIfError() {
        return staleIfError;
    }
}
