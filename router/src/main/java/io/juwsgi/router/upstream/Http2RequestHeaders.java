package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.FieldRules;
import io.juwsgi.router.upstream.codec.OriginTarget;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.router.upstream.codec.OutgoingFields;
import io.juwsgi.spi.exchange.Fields;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Locale;
import java.util.Map;

/** Requests and answers as HTTP/2 has them (RFC 9113 section 8.3). */
final class Http2RequestHeaders {
    private Http2RequestHeaders() {}

    /** Returns the fields of a request. */
    static Http2Headers of(Outgoing outgoing, String scheme) {
        Http2Headers headers =
                new DefaultHttp2Headers(false, outgoing.request().fields().size() + 8);
        headers.method(outgoing.request().method());
        headers.scheme(scheme);
        headers.path(OriginTarget.of(outgoing.request()));
        String host = OutgoingFields.host(outgoing);
        if (!host.isEmpty()) {
            headers.authority(host);
        }
        OutgoingFields.give(outgoing, (name, value) -> headers.add(name.toLowerCase(Locale.ROOT), value.strip()));
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
