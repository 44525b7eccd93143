package io.juwsgi.cache;

import io.juwsgi.spi.exchange.Request;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a response is stored under (RFC 9111 section 2); GET and HEAD share it.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case, without the scheme's own port; empty when the client named none
 * @param target as the client sent it, without scheme and authority
 * @param path as the application sees it: a rewriting filter may have changed it, the target does not tell
 * @param query as the application sees it
 */
record CacheKey(String scheme, String host, String target, String path, String query) {

    static CacheKey of(Request request) {
        String host = Objects.requireNonNullElse(request.host(), "");
        return new CacheKey(
                request.scheme(),
                host(request.scheme(), host),
                originForm(request.target()),
                request.path(),
                request.query());
    }

    private static String host(String scheme, String host) {
        String own = scheme.equals("https") ? ":443" : ":80";
        String bare = host.endsWith(own) ? host.substring(0, host.length() - own.length()) : host;
        return bare.toLowerCase(Locale.ROOT);
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
    @Nullable
    CacheKey resolve(String reference) {
        try {
            URI base = new URI(scheme + "://" + host + target);
            URI uri = base.resolve(new URI(reference)).normalize();
            String authority = uri.getRawAuthority();
            if (authority == null
                    || !scheme.equalsIgnoreCase(uri.getScheme())
                    || !host(scheme, authority).equals(host)) {
                return null;
            }
            String raw = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String rawQuery = uri.getRawQuery();
            return new CacheKey(
                    scheme,
                    host,
                    rawQuery == null ? raw : raw + "?" + rawQuery,
                    decoded(raw),
                    Objects.requireNonNullElse(rawQuery, ""));
        } catch (URISyntaxException e) {
            return null;
        }
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

    /** Returns about how many bytes this takes. */
    int weight() {
        return 96 + host.length() + 2 * (target.length() + query.length());
    }
}
