package io.juwsgi.router.http2;

import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * Counts frames that cost us something and the client nearly nothing: SETTINGS, PING, PRIORITY, unknown ones. A client that
 * needs them sends a few a second. Owned by its connection's event loop.
 */
final class FloodGuard {
    /** As many at once. */
    static final int BURST = 1_000;

    /** As many a second after that. */
    private static final int RATE = 100;

    private double allowed = BURST;
    private long lastMillis;

    FloodGuard(long nowMillis) {
        lastMillis = nowMillis;
    }

    /** Counts one frame; ends the connection when there were too many. */
    void count(long nowMillis) throws Http2Exception {
        allowed = Math.min(BURST, allowed + (nowMillis - lastMillis) * RATE / 1000.0);
        lastMillis = nowMillis;
        if (--allowed < 0) {
            throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many control frames");
        }
    }
}
