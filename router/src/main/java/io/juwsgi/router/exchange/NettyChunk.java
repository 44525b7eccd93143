package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Chunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** A chunk over a Netty buffer, which it owns. */
public final class NettyChunk implements Chunk {
    private final ByteBuf buffer;

    /** Takes ownership of the readable bytes of {@code buffer}. */
    public NettyChunk(ByteBuf buffer) {
        this.buffer = buffer;
    }

    /** Returns the bytes of any chunk as a buffer that the caller owns; the chunk is used up. */
    public static ByteBuf buffer(Chunk chunk) {
        if (chunk instanceof NettyChunk netty) {
            return netty.buffer;
        }
        ByteBuf copy = Unpooled.copiedBuffer(chunk.bytes());
        chunk.release();
        return copy;
    }

    @Override
    public int size() {
        return buffer.readableBytes();
    }

    @Override
    public ByteBuffer bytes() {
        return buffer.nioBuffer().asReadOnlyBuffer();
    }

    @Override
    public void release() {
        buffer.release();
    }
}
