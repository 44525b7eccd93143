package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Deflates the server's messages (RFC 7692 section 7.2.1). Holds memory of the JDK's outside the heap only when messages may
 * refer to each other. Owned by its connection's event loop.
 *
 * <p>The JDK's window has 15 bits always. A smaller one is kept to by forgetting everything each time that as many bytes have
 * gone: no reference then goes farther back.
 */
final class MessageDeflater {
    /** What a message ends with that is flushed; the client knows it. */
    private static final int TAIL = 4;

    private static final int ROOM = 64;

    /** For all messages of an event loop's clients that refer to no other. */
    private static final FastThreadLocal<Deflater> SHARED = new FastThreadLocal<>() {
        @Override
        protected Deflater initialValue() {
            return new Deflater(Deflater.BEST_SPEED, true);
        }

        @Override
        protected void onRemoval(Deflater shared) {
            shared.end();
        }
    };

    private final boolean context;
    private final int window;
    private @Nullable Deflater own;

    MessageDeflater(PerMessageDeflate agreed) {
        context = agreed.serverContext();
        window = agreed.serverBits() == PerMessageDeflate.MOST_BITS ? Integer.MAX_VALUE : 1 << agreed.serverBits();
    }

    /** Returns the message deflated, or null when that does not make it shorter. {@code message} remains the caller's. */
    @Nullable
    ByteBuf deflate(ByteBuf message, ByteBufAllocator alloc) {
        Deflater with = deflater();
        ByteBuf out = alloc.buffer(message.readableBytes() / 4 + ROOM);
        int at = message.readerIndex();
        int end = message.writerIndex();
        while (at < end) {
            int count = Math.min(window, end - at);
            with.setInput(message.nioBuffer(at, count));
            flush(with, out, context ? Deflater.SYNC_FLUSH : Deflater.FULL_FLUSH);
            at += count;
        }
        boolean shorter = out.readableBytes() - TAIL < message.readableBytes();
        if (!context || !shorter) {
            // The client does not see what is sent as it is, so nothing may refer to it.
            with.reset();
        }
        if (!shorter) {
            out.release();
            return null;
        }
        return out.writerIndex(out.writerIndex() - TAIL);
    }

    private static void flush(Deflater with, ByteBuf out, int how) {
        int room;
        int got;
        do {
            out.ensureWritable(ROOM);
            room = out.writableBytes();
            got = with.deflate(out.internalNioBuffer(out.writerIndex(), room), how);
            out.writerIndex(out.writerIndex() + got);
        } while (got == room);
    }

    private Deflater deflater() {
        if (!context) {
            return SHARED.get();
        }
        if (own == null) {
            own = new Deflater(Deflater.BEST_SPEED, true);
        }
        return own;
    }

    /** Gives back what it holds. */
    void release() {
        if (own != null) {
            own.end();
            own = null;
        }
    }
}
