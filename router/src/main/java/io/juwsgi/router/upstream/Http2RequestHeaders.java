package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.FieldRules;
import io.juwsgi.router.upstream.codec.OriginTarget;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.router.upstream.codec.OutgoingFields;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.Locale;
import java.util.Map;

/** Requests and answers as HTTP/2 has them (RFC 9113 section 8.3). */
final class Http2RequestHeaders {
    /** Has no meaning on a stream (RFC 8441 section 5.1). */
    private static final String KEY = "sec-websocket-key";

    private Http2RequestHeaders() {}

    /**
     * Returns the fields of a request.
     *
     * @param connect whether it asks for another protocol on its stream (RFC 8441 section 4)
     */
    static Http2Headers of(Outgoing outgoing, String scheme, boolean connect) {
        Http2Headers headers =
                new DefaultHttp2Headers(false, outgoing.request().fields().size() + 8);
        headers.method(connect ? "CONNECT" : outgoing.request().method());
        if (connect) {
            headers.set(PseudoHeaderName.PROTOCOL.value(), outgoing.upgrade());
        }
        headers.scheme(scheme);
        headers.path(OriginTarget.of(outgoing.request()));
        String host = OutgoingFields.host(outgoing);
        if (!host.isEmpty()) {
            headers.authority(host);
        }
        OutgoingFields.give(outgoing, (name, value) -> headers.add(name.toLowerCase(Locale.ROOT), value.strip()));
        if (connect) {
            headers.remove(KEY);
        }
        if (outgoing.length() > 0) {
            headers.add("content-length", Long.toString(outgoing.length()));
        }
        if (outgoing.trailers()) {
            headers.add("te", "trailers");
        }
        return headers;
    }

    /** Returns fields that go out behind a body. */
    static Http2Headers trailers(Fields fields) {
        Http2Headers headers = new DefaultHttp2Headers(false, fields.size());
        for (int i = 0; i < fields.size(); i++) {
            headers.add(fields.name(i).toLowerCase(Locale.ROOT), fields.value(i).strip());
        }
        return headers;
    }

    /** Returns the status of an answer, -1 when it has none. */
    static int status(Http2Headers headers) {
        CharSequence status = headers.status();
        if (status == null || status.length() != 3) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < 3; i++) {
            int digit = status.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number >= 100 && number <= 599 && number != 101 ? number : -1;
    }

    /** Returns whether a body must follow the head of an answer. */
    static boolean promisesBody(String method, int status, Http2Headers headers) {
        CharSequence length = headers.get("content-length");
        return length != null
                && CharSequence.compare(length, "0") != 0
                && !method.equals("HEAD")
                && status != 204
                && status != 304;
    }

    /** Returns the head that leaves HTTP as it would be in HTTP/1.1. */
    static Response switching(Request request, Http2Headers headers) {
        // Some send one although it answers no key of ours (HAProxy).
        headers.remove("sec-websocket-accept");
        Fields fields = fields(headers);
        String key = request.fields().first(KEY);
        fields.add("Sec-WebSocket-Accept", Handshake.accept(key == null ? "" : key));
        return new Response(101, "", fields);
    }

    /** Returns the fields of an answer that go on to its client. */
    static Fields fields(Http2Headers headers) {
        Fields fields = new Fields(headers.size());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            boolean length = name.equals("content-length");
            if (!name.startsWith(":") && (length || !FieldRules.concernsConnection(name))) {
                fields.add(name, field.getValue().toString());
            }
        }
        return fields;
    }
}
