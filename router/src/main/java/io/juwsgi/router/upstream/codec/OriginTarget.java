package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Request;
import java.util.Locale;

/**
 * The request target for an upstream server, in origin form (RFC 9112 section 3.2.1).
 *
 * <p>It is the client's own text as long as that names the very path that routes and filters have looked at. A text that
 * another server could resolve to another path, and one that a filter has replaced, is written anew from that path.
 */
public final class OriginTarget {
    private static final String PLAIN = "!$&'()*+,;=:@-._~/";
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private OriginTarget() {}

    /** Returns it. */
    public static String of(Request request) {
        String raw = request.target();
        String path = request.path();
        if (path.equals("*")) {
            return "*";
        }
        if (raw.startsWith("/") && sameAs(raw, path, request.query())) {
            return raw;
        }
        String query = request.query();
        return encoded(path.isEmpty() ? "/" : path) + (query.isEmpty() ? "" : "?" + query);
    }

    private static boolean sameAs(String raw, String path, String query) {
        int mark = raw.indexOf('?');
        int end = mark < 0 ? raw.length() : mark;
        String rawQuery = mark < 0 ? "" : raw.substring(mark + 1);
        if (!rawQuery.equals(query)) {
            return false;
        }
        if (end == path.length() && raw.startsWith(path)) {
            return true;
        }
        return !isTricky(raw.substring(0, end)) && decoded(raw, end).equals(path);
    }

    /** Dot segments and encoded slashes, dots and backslashes. */
    private static boolean isTricky(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.contains("/.") || lower.contains("%2e") || lower.contains("%2f") || lower.contains("%5c");
    }

    private static String decoded(String raw, int end) {
        StringBuilder out = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = raw.charAt(i);
            int high = c == '%' && i + 2 < end ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw.charAt(i + 2), 16);
            if (low >= 0) {
                out.append((char) (high << 4 | low));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String encoded(String path) {
        StringBuilder out = new StringBuilder(path.length() + 16);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (letter || PLAIN.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }
}
