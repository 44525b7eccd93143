/**
 * WebSockets (RFC 6455, RFC 7692), whatever version of HTTP carries them. Start at {@link
 * io.juwsgi.router.websocket.WebSocketSession}.
 */
package io.juwsgi.router.websocket;
