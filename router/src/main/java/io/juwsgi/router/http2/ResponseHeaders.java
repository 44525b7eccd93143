package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.FieldRules;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes a response's head into header fields (RFC 9113 section 8.3.2). */
final class ResponseHeaders {
    private ResponseHeaders() {}

    /**
     * Returns the fields, or null when the head is not valid.
     *
     * @param length the Content-Length to tell, -1 for none
     * @param date the value of Date where the handler gave none
     */
    static @Nullable Http2Headers of(Response head, long length, String date) {
        Http2Headers headers = head.status() < 200 ? null : fields(head);
        if (headers == null) {
            return null;
        }
        if (length >= 0) {
            headers.add("content-length", Long.toString(length));
        }
        if (!headers.contains("server")) {
            headers.add("server", "juwsgi");
        }
        if (!headers.contains("date")) {
            headers.add("date", date);
        }
        return headers;
    }

    /** Returns a head with nothing but its own fields, or null when it is not valid. */
    static @Nullable Http2Headers fields(Response head) {
        if (head.status() < 100 || head.status() > 999) {
            return null;
        }
        Fields fields = head.fields();
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size() + 4);
        headers.status(Integer.toString(head.status()));
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            String value = fields.value(i);
            if (FieldRules.concernsConnection(name)) {
                continue;
            }
            if (!FieldRules.isName(name) || !FieldRules.isValue(value)) {
                return null;
            }
            headers.add(name.toLowerCase(Locale.ROOT), value.strip());
        }
        return headers;
    }

    /** Returns the head that leaves HTTP as HTTP/2 has it (RFC 8441 section 5), or null when it is not valid. */
    static @Nullable Http2Headers switching(Response head) {
        Http2Headers headers = head.status() == 101 ? fields(head) : null;
        if (headers != null) {
            headers.status("200");
            headers.remove("sec-websocket-accept");
        }
        return headers;
    }

    /** Returns the size of the fields as text, for the log. */
    static int size(Http2Headers headers) {
        int size = 0;
        for (var field : headers) {
            size += field.getKey().length() + field.getValue().length() + 4;
        }
        return size;
    }
}
