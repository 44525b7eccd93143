package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Chunk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** A chunk over a Netty buffer, which it owns. */
public final class NettyChunk implements Chunk {
    private static final int LARGE = 8 * 1024;

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
        ByteBuffer bytes = chunk.bytes();
        int size = bytes.remaining();
        // A large one would be copied once more on its way into the socket, which takes only memory outside the heap.
        ByteBuf copy = size < LARGE
                ? Unpooled.copiedBuffer(bytes)
                : ByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(bytes);
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
