package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.BadRequestLength;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What carries one call to an endpoint: a connection, or one of its streams. Owned by the call's event loop. */
interface CallLink {

    UpstreamEndpoint endpoint();

    /** Returns whether the connection has been in use before, so that its end says nothing about the endpoint. */
    boolean reused();

    /** Gets ready for its user, who hears {@link LinkUser#connected} or {@link LinkUser#connectFailed}. */
    void begin(LinkUser call);

    /**
     * Sends the request, with its body when that is there as a whole: of one that has a length that is the end, of one that has
     * none {@link #bodyEnd} tells it.
     */
    void send(Outgoing request, @Nullable ByteBuf body) throws BadRequestLength;

    /** Sends a part of a body that streams, or of a tunnel; false when the endpoint does not take more for now. */
    boolean body(ByteBuf part);

    /**
     * The body is complete.
     *
     * @param trailers the fields behind it
     */
    void bodyEnd(Fields trailers);

    /** Reads on, or lets the endpoint wait because the client is slow. */
    void reading(boolean on);

    /** The call wants nothing any more. */
    void abandon();
}
