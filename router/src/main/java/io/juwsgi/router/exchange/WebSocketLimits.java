package io.juwsgi.router.exchange;

/**
 * What a client may ask of a WebSocket.
 *
 * @param messageBytes largest message, inflated, whatever its number of frames
 * @param pingMillis how long a client may be silent before it is sent a ping
 * @param pongMillis how long a client may be silent after a ping
 * @param deflate whether messages are compressed when the client can
 * @param deflateBytes messages shorter than this go as they are
 */
public record WebSocketLimits(int messageBytes, long pingMillis, long pongMillis, Deflate deflate, int deflateBytes) {

    /** How permessage-deflate (RFC 7692) is answered. */
    public enum Deflate {
        /** It is not. */
        OFF,
        /** Each message by itself: a WebSocket holds no memory between messages. */
        ON,
        /** Each message with what went before in mind, if the client agrees: smaller, for some 300 KiB a WebSocket. */
        CONTEXT
    }
}
