package io.juwsgi.plugin.compress;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.http.AcceptedCodings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which responses are compressed, and what their heads say then. Immutable.
 *
 * @param minSize in bytes
 */
record Policy(MediaRanges types, long minSize) {

    /** Returns whether the head of a response lets it be compressed, for whoever takes that. */
    boolean allows(Response head) {
        Fields fields = head.fields();
        int status = head.status();
        if (status == 204 || status == 206 || status == 304 || fields.contains("content-range")) {
            return false;
        }
        return !fields.contains("content-encoding")
                && types.hold(fields.first("content-type"))
                && !forbidsTransformation(fields)
                && !isShort(fields);
    }

    private boolean isShort(Fields fields) {
        String length = fields.first("content-length");
        // Shorter than any number that is too large to be read.
        return length != null && length.length() < 18 && (length.isEmpty() || number(length) < minSize);
    }

    private static long number(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = value * 10 + (text.charAt(i) - '0');
        }
        return value;
    }

    /** Returns whether Cache-Control has no-transform (RFC 9111 section 5.2). */
    static boolean forbidsTransformation(Fields fields) {
        String control = fields.first("cache-control");
        return control != null && control.toLowerCase(Locale.ROOT).contains("no-transform");
    }

    /** Says that the response is another one for other clients. */
    static void vary(Fields fields) {
        for (String vary : fields.all("vary")) {
            if (vary.contains("*") || vary.toLowerCase(Locale.ROOT).contains("accept-encoding")) {
                return;
            }
        }
        fields.add("Vary", "Accept-Encoding");
    }

    /** Changes the fields of a response that is compressed. */
    static void describe(Fields fields, Coding coding) {
        fields.remove("content-length");
        fields.remove("accept-ranges");
        forgetDigests(fields);
        fields.add("Content-Encoding", coding.name());
        weaken(fields);
    }

    /** Removes what was computed of bytes that are not sent (RFC 9530 sections 2 and 3), before a body or behind it. */
    static void forgetDigests(Fields fields) {
        fields.remove("content-digest");
        fields.remove("repr-digest");
    }

    /** A strong tag promises the same bytes; compressed ones are the same content alone (RFC 9110 section 8.8.1). */
    private static void weaken(Fields fields) {
        String etag = fields.first("etag");
        if (etag != null && etag.startsWith("\"")) {
            fields.set("ETag", "W/" + etag);
        }
    }

    /**
     * Lets a 304 name the tag by which the client knows the response: a cache that has stored it with a weak one would not
     * find it by the strong one (RFC 9111 section 4.3.4).
     */
    static void confirm(Request request, Fields fields) {
        String etag = fields.first("etag");
        String known = request.fields().first("if-none-match");
        if (etag != null && known != null && known.contains("W/" + etag)) {
            fields.set("ETag", "W/" + etag);
            vary(fields);
        }
    }

    /** Returns the coding that a client likes best; null for none. */
    static @Nullable Coding chosen(Request request, Codings codings) {
        if (forbidsTransformation(request.fields())) {
            return null;
        }
        String accepts = request.fields().first("accept-encoding");
        return codings.named(AcceptedCodings.best(accepts, codings.names()));
    }
}
