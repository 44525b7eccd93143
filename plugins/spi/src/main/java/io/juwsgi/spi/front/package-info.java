/**
 * Protocol fronts: what speaks a protocol of its own with clients, in streams and blocking calls. Start at {@link
 * io.juwsgi.spi.front.ProtocolFront}.
 */
package io.juwsgi.spi.front;
