package io.juwsgi.spi.balance;

import io.juwsgi.spi.exchange.Request;

/** The question that a {@link Balancer} answers: who gets this request. Owned by the exchange's event loop. */
public interface Selection {

    /** Returns the request. */
    Request request();

    /**
     * Returns whether {@code endpoint} may be picked: it is well, has room, belongs to the tier in use, and has not failed
     * this request before. The router alone decides that.
     */
    boolean allows(Endpoint endpoint);

    /**
     * Returns a hash of what the upstream's {@code hash-key} names in the request, such as the client's address or a header
     * field: the same for the same key, in every process, and well mixed in all bits.
     */
    long key();

    /** Returns the time, as {@link System#nanoTime} counts it; the same during one selection. */
    long nanoTime();
}
