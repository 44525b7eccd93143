package io.juwsgi.router.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * What carries a protocol that has taken HTTP's place: a whole connection of HTTP/1.1, or one stream of an HTTP/2 connection
 * (RFC 8441). Owned by the connection's event loop.
 */
public interface Carrier {

    /** Writes bytes, which the carrier owns from here on, and flushes at the end of the event loop's turn. */
    void write(ByteBuf bytes);

    /**
     * Ends our direction once everything is written, and with it the carrier.
     *
     * @param linger whether the client may still be sending
     */
    void end(boolean linger);

    /** Sets the time after which {@link Upgraded#expired} is called, in place of the last; 0 for none. */
    void deadline(long millis);

    /** Reads on or not, as {@link Upgraded#hungry} says. */
    void regulate();

    /** Returns whether the client takes bytes now. */
    boolean writable();

    /** Returns what buffers are made with. */
    ByteBufAllocator alloc();
}
