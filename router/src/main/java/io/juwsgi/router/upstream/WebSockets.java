package io.juwsgi.router.upstream;

import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.spi.exchange.Request;
import java.util.List;

/** The one protocol that clients may change to (RFC 6455); any other could carry requests that nobody here looks at. */
final class WebSockets {
    static final String NAME = "websocket";

    private WebSockets() {}

    /** Returns whether a request asks for a WebSocket as the RFC wants it. */
    static boolean asked(Request request) {
        return request.fields().contains("upgrade") && Handshake.of(request, List.of()) != null;
    }
}
