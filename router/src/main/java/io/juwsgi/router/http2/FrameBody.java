package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BodyDecoder;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A body that comes in DATA frames. That its length is the one that was told is checked by the codec. Owned by its
 * connection's event loop.
 */
final class FrameBody implements BodyDecoder {
    private final boolean lengthKnown;
    private long rest;
    private long waiting;
    private boolean ended;
    private @Nullable Fields trailers;

    /** Begins a body of {@code length} bytes, -1 when that is not known. */
    FrameBody(long length) {
        this.lengthKnown = length >= 0;
        this.rest = length;
    }

    /** Hears of bytes that {@link #next} will take, and whether they are the last. */
    void arrived(int bytes, boolean last) {
        waiting += bytes;
        ended |= last;
    }

    /** Takes the fields behind the body, before its end arrives. */
    void trailers(Fields fields) {
        trailers = fields;
    }

    @Override
    public @Nullable Fields trailers() {
        return trailers;
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) {
        int count = in.readableBytes();
        if (count == 0) {
            return null;
        }
        waiting -= count;
        if (lengthKnown) {
            rest -= count;
        }
        return in.readRetainedSlice(count);
    }

    @Override
    public boolean done() {
        return ended && waiting == 0;
    }

    @Override
    public long rest() {
        return rest;
    }
}
