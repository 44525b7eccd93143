package io.juwsgi.cache.store;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.spi.exchange.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a response is stored under (RFC 9111 section 2). The method is GET: HEAD shares its responses, and nothing of other
 * methods is stored.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case, without the scheme's own port; empty when the client named none
 * @param target as the client sent it, without scheme and authority
 * @param path as the application sees it: a rewriting filter may have changed it, the target does not tell
 * @param query as the application sees it
 */
public record CacheKey(String scheme, String host, String target, String path, String query) {

    /** Returns the key of a request. */
    public static CacheKey of(Request request) {
        String host = Objects.requireNonNullElse(request.host(), "");
        String target = originForm(request.target());
        // One text for both where they are the same, as they mostly are.
        String path = target.equals(request.path()) ? target : request.path();
        return new CacheKey(request.scheme(), host(request.scheme(), host), target, path, request.query());
    }

    /** Returns this key without what makes no difference. */
    public CacheKey normalised(Normalisation normalisation) {
        String counted = normalisation.query(query);
        return counted.equals(query) ? this : withQuery(counted);
    }

    /** Returns this key with another query, in its target, too. */
    public CacheKey withQuery(String other) {
        int mark = target.indexOf('?');
        String bare = mark < 0 ? target : target.substring(0, mark);
        return new CacheKey(scheme, host, other.isEmpty() ? bare : bare + "?" + other, path, other);
    }

    private static String host(String scheme, String host) {
        String own = scheme.equals("https") ? ":443" : ":80";
        String bare = host.endsWith(own) ? host.substring(0, host.length() - own.length()) : host;
        return isLower(bare) ? bare : bare.toLowerCase(Locale.ROOT);
    }

    private static boolean isLower(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                return false;
            }
        }
        return true;
    }

    /** Takes scheme and authority off an absolute-form target (RFC 9112 section 3.2.2). */
    private static String originForm(String target) {
        int colons = target.startsWith("/") ? -1 : target.indexOf("://");
        if (colons < 0) {
            return target;
        }
        int end = colons + 3;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        return end < target.length() && target.charAt(end) == '/' ? target.substring(end) : "/" + target.substring(end);
    }

    /** Returns the key of a URI reference in a response to this key's request, null when it is of another origin. */
    public @Nullable CacheKey resolve(String reference) {
        CacheKey named = of(uri().resolve(reference));
        return named == null || !sameOrigin(named) ? null : named;
    }

    /** Returns whether another key is of the same scheme, host and port. */
    public boolean sameOrigin(CacheKey other) {
        return scheme.equals(other.scheme) && host.equals(other.host);
    }

    private Base uri() {
        return new Base(scheme + "://" + host + target);
    }

    /** A URI against which references are resolved. */
    private record Base(String text) {
        @Nullable
        URI resolve(String reference) {
            try {
                return new URI(text).resolve(new URI(reference)).normalize();
            } catch (URISyntaxException e) {
                return null;
            }
        }
    }

    /** Returns the key of an absolute URI, null when it is none of http or https. */
    public static @Nullable CacheKey of(String uri) {
        try {
            return of(new URI(uri).normalize());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static @Nullable CacheKey of(@Nullable URI uri) {
        if (uri == null || uri.getRawAuthority() == null || uri.getScheme() == null) {
            return null;
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return null;
        }
        String raw = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String rawQuery = uri.getRawQuery();
        return new CacheKey(
                scheme,
                host(scheme, uri.getRawAuthority()),
                rawQuery == null ? raw : raw + "?" + rawQuery,
                decoded(raw),
                Objects.requireNonNullElse(rawQuery, ""));
    }

    /** Decodes percent signs, each byte to one char; {@link URI} has checked that they are well-formed. */
    private static String decoded(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] out = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            boolean escaped = raw.charAt(i) == '%';
            out[length++] = (byte) (escaped ? Integer.parseInt(raw, i + 1, i + 3, 16) : raw.charAt(i));
            i += escaped ? 2 : 0;
        }
        return new String(out, 0, length, StandardCharsets.ISO_8859_1);
    }

    /** Returns the URI, such as {@code http://example.org/a?b}. */
    public String url() {
        return scheme + "://" + host + target;
    }

    /** Returns about how many bytes this takes. */
    public int weight() {
        return 96 + host.length() + 2 * (target.length() + query.length());
    }
}
