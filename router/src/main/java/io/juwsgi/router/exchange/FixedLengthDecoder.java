package io.juwsgi.router.exchange;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A body of known length. */
public final class FixedLengthDecoder implements BodyDecoder {
    private long rest;

    /** Begins a body of {@code length} bytes. */
    public FixedLengthDecoder(long length) {
        this.rest = length;
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) {
        int count = (int) Math.min(rest, in.readableBytes());
        if (count == 0) {
            return null;
        }
        rest -= count;
        return in.readRetainedSlice(count);
    }

    @Override
    public boolean done() {
        return rest == 0;
    }

    @Override
    public long rest() {
        return rest;
    }
}
