package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.http1.ForeignHead;
import io.juwsgi.spi.exchange.Fields;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that came as header fields (RFC 9113 section 8.3).
 *
 * @param request what handlers see
 * @param length the Content-Length, -1 without one
 * @param expectsContinue whether the client waits for 100 before it sends the body
 */
record RequestHeaders(ServerRequest request, long length, boolean expectsContinue) {
    private static final String PROTOCOL = "HTTP/2.0";

    /** Reads the fields; {@code bodyless} when no body follows. */
    static RequestHeaders read(Http2Headers headers, boolean bodyless, Front front, Peer peer)
            throws BadRequestException {
        ForeignHead head = new ForeignHead(front.limits());
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            if (field.getKey().isEmpty() || field.getKey().charAt(0) != ':') {
                head.field(field.getKey().toString(), field.getValue().toString());
            }
        }
        CharSequence authority = headers.authority();
        ServerRequest request = head.request(
                PROTOCOL,
                text(headers.method()),
                text(headers.path()),
                authority == null ? null : authority.toString(),
                bodyless,
                peer,
                front);
        if (headers.scheme() == null) {
            throw BadRequestException.bad("no-scheme", "The request names no scheme.");
        }
        return new RequestHeaders(request, head.length(), head.expectsContinue());
    }

    /** Reads the fields behind a body, as strictly as those before it (RFC 9113 section 8.1). */
    static Fields trailers(Http2Headers headers, Limits limits) throws BadRequestException {
        ForeignHead read = new ForeignHead(limits);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            read.field(field.getKey().toString(), field.getValue().toString());
        }
        return read.fields();
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }
}
