package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes one request's body out of the bytes of a connection. Owned by the connection's event loop. */
public interface BodyDecoder {

    /**
     * Takes the next data.
     *
     * @return a part of {@code in} that the caller owns, or null when {@code in} is used up or the body is done
     */
    @Nullable
    ByteBuf next(ByteBuf in) throws BadRequestException;

    /** Returns whether all of the body was taken. */
    boolean done();

    /** Returns the fields that came behind a body that is done, null when there were none. */
    default @Nullable Fields trailers() {
        return null;
    }

    /** Returns how many bytes are still to come, -1 when only the body's end will tell. */
    long rest();
}
