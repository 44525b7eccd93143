package io.juwsgi.spi.http;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import java.util.Locale;
import java.util.Set;

/**
 * Which fields may stand behind a body (RFC 9110 section 6.5), and who takes them. The server itself asks here for what it
 * sends and for what it hands to handlers. Any thread.
 */
public final class Trailers {
    /** What somebody has to know before the body: framing, routing, conditions, credentials, control, the content's form. */
    private static final Set<String> EARLY = Set.of(
            "accept-ranges",
            "age",
            "authentication-info",
            "authorization",
            "cache-control",
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "cookie",
            "date",
            "expect",
            "expires",
            "forwarded",
            "host",
            "keep-alive",
            "location",
            "max-forwards",
            "pragma",
            "priority",
            "proxy",
            "range",
            "retry-after",
            "set-cookie",
            "strict-transport-security",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "vary",
            "via",
            "www-authenticate",
            "x-accel-redirect",
            "x-sendfile");

    private Trailers() {}

    /**
     * Returns whether a field may stand behind a body: its name is a token that is none of those which have to be known
     * before (RFC 9110 section 6.5.1), and which a server that merges trailers into the head would take for them.
     */
    public static boolean isPermitted(String name) {
        String low = name.toLowerCase(Locale.ROOT);
        return isToken(low)
                && !EARLY.contains(low)
                && !low.startsWith("if-")
                && !low.startsWith("proxy-")
                && !low.startsWith("sec-")
                && !low.startsWith("x-forwarded-");
    }

    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(String value) {
        return value.chars().allMatch(c -> (c >= ' ' || c == '\t') && c != 127 && c < 256);
    }

    /** Returns those of {@code fields} that may stand behind a body and have valid values, in a new object. */
    public static Fields permitted(Fields fields) {
        Fields kept = new Fields(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            if (isPermitted(fields.name(i)) && isValue(fields.value(i))) {
                kept.add(fields.name(i), fields.value(i));
            }
        }
        return kept;
    }

    /**
     * Returns whether the client of a request takes trailers: over HTTP/2 always, over HTTP/1.1 when it says {@code TE:
     * trailers} (RFC 9110 section 10.1.4), since some that do not know them lose their way in the stream.
     */
    public static boolean takenBy(Request request) {
        if (request.protocol().equals("HTTP/2.0")) {
            return true;
        }
        Fields fields = request.fields();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("te") && says(fields.value(i))) {
                return request.protocol().equals("HTTP/1.1");
            }
        }
        return false;
    }

    private static boolean says(String te) {
        for (String coding : te.split(",", -1)) {
            int parameters = coding.indexOf(';');
            String name = parameters < 0 ? coding : coding.substring(0, parameters);
            if (name.strip().equalsIgnoreCase("trailers")) {
                return true;
            }
        }
        return false;
    }
}
