package io.juwsgi.router.exchange;

/**
 * What a client may ask of a WebSocket.
 *
 * @param messageBytes largest message, whatever its number of frames
 * @param pingMillis how long a client may be silent before it is sent a ping
 * @param pongMillis how long a client may be silent after a ping
 */
public record WebSocketLimits(int messageBytes, long pingMillis, long pongMillis) {}
