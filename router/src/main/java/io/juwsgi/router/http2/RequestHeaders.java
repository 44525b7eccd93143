package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.http1.ForeignHead;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.spi.exchange.Fields;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Headers.PseudoHeaderName;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that came as header fields (RFC 9113 section 8.3).
 *
 * @param request what handlers see
 * @param length the Content-Length, -1 without one
 * @param expectsContinue whether the client waits for 100 before it sends the body
 * @param webSocket whether it asks for a WebSocket on its stream
 */
record RequestHeaders(ServerRequest request, long length, boolean expectsContinue, boolean webSocket) {
    private static final String PROTOCOL = "HTTP/2.0";

    /** Has no meaning here (RFC 8441 section 5.1). */
    private static final String KEY = "sec-websocket-key";

    /** Reads the fields; {@code bodyless} when no body follows. */
    static RequestHeaders read(Http2Headers headers, boolean bodyless, Front front, Peer peer)
            throws BadRequestException {
        ForeignHead head = new ForeignHead(front.limits());
        boolean webSocket = asksForWebSocket(headers, bodyless);
        for (Map.Entry<CharSequence, CharSequence> field : headers) {
            String name = field.getKey().toString();
            boolean pseudo = !name.isEmpty() && name.charAt(0) == ':';
            if (!pseudo && !(webSocket && name.equals(KEY))) {
                head.field(name, field.getValue().toString());
            }
        }
        if (webSocket) {
            if (head.length() >= 0) {
                throw BadRequestException.bad("bad-connect", "A CONNECT has no Content-Length.");
            }
            head.upgrade(Handshake.WEBSOCKET, Handshake.newKey());
        }
        CharSequence authority = headers.authority();
        ServerRequest request = head.request(
                PROTOCOL,
                webSocket ? "GET" : text(headers.method()),
                text(headers.path()),
                authority == null ? null : authority.toString(),
                bodyless || webSocket,
                peer,
                front);
        if (headers.scheme() == null) {
            throw BadRequestException.bad("no-scheme", "The request names no scheme.");
        }
        return new RequestHeaders(request, head.length(), head.expectsContinue(), webSocket);
    }

    /** RFC 8441 section 4. */
    private static boolean asksForWebSocket(Http2Headers headers, boolean ended) throws BadRequestException {
        CharSequence protocol = headers.get(PseudoHeaderName.PROTOCOL.value());
        if (protocol == null) {
            return false;
        }
        if (!"CONNECT".contentEquals(text(headers.method()))) {
            throw BadRequestException.bad("bad-connect", "Only a CONNECT has a :protocol.");
        }
        if (!Handshake.WEBSOCKET.contentEquals(protocol)) {
            throw new BadRequestException(501, "unknown-protocol", "The only :protocol served is websocket.");
        }
        if (ended) {
            throw BadRequestException.bad("bad-connect", "The stream has ended before the WebSocket begins.");
        }
        return true;
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
