/**
 * WebSockets (RFC 6455): {@link io.juwsgi.spi.websocket.WebSocket} for handlers that block, {@link
 * io.juwsgi.spi.websocket.WebSocketChannel} for those that are called on event loops.
 */
package io.juwsgi.spi.websocket;
