/** WebSockets of HTTP/1.1 clients. Start at {@link io.juwsgi.router.websocket.WebSocketSession}. */
package io.juwsgi.router.websocket;
