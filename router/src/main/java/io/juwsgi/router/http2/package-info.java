/**
 * HTTP/2 (RFC 9113): Netty's codec reads and writes frames, these classes make exchanges of streams. Start at {@link
 * io.juwsgi.router.http2.MultiplexConnection}, then {@link io.juwsgi.router.http2.RequestStream}.
 */
package io.juwsgi.router.http2;
