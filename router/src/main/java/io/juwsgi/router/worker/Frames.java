package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** Writes frames of the worker link into Netty's buffers. */
public final class Frames {
    private Frames() {}

    /** Appends a header without service time, which only workers send. */
    public static void header(ByteBuf out, int length, int type, int flags, int id, int aux) {
        out.ensureWritable(FrameHeader.SIZE);
        out.writeIntLE(length);
        out.writeIntLE(type | (flags << 8));
        out.writeIntLE(id);
        out.writeIntLE(aux);
        out.writeIntLE(0);
    }

    /** Returns a frame without payload. */
    static ByteBuf bare(ByteBufAllocator allocator, int type, int flags, int id, int aux) {
        ByteBuf out = allocator.buffer(FrameHeader.SIZE);
        header(out, 0, type, flags, id, aux);
        return out;
    }
}
