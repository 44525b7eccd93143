package io.juwsgi.router.exchange;

/**
 * What a client may ask of a connection.
 *
 * @param headBytes largest request head or uwsgi variable block
 * @param targetBytes largest request target
 * @param fieldCount most header fields
 * @param bodyBytes largest body, or {@link Long#MAX_VALUE}
 * @param timeoutMillis how long a connection may make no progress
 * @param keepAliveMillis how long an idle connection stays open, 0 when connections are not kept
 * @param bodyRate how fast a client must send a request's body
 * @param responseRate how fast it must take a response
 * @param webSockets what a client may ask of a WebSocket
 */
public record Limits(
        int headBytes,
        int targetBytes,
        int fieldCount,
        long bodyBytes,
        long timeoutMillis,
        long keepAliveMillis,
        MinimumRate bodyRate,
        MinimumRate responseRate,
        WebSocketLimits webSockets) {

    /** Bodies up to this size reach the front whole before the handler is called; larger ones are streamed. */
    public static final int BUFFERED_BODY = 64 * 1024;

    /** The largest target that is taken, whatever the head's limit. */
    public static final int TARGET = 8192;

    /** The most header fields that are taken. */
    public static final int FIELDS = 128;

    /** Returns the same limits with another timeout. */
    public Limits withTimeout(long millis) {
        return new Limits(
                headBytes,
                targetBytes,
                fieldCount,
                bodyBytes,
                millis,
                keepAliveMillis,
                bodyRate,
                responseRate,
                webSockets);
    }
}
