package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.function.Consumer;

/** Writes a server's frames (RFC 6455 section 5.2): whole messages, without a mask. */
final class FrameWriter {
    private static final int LAST = 0x80;
    private static final int DEFLATED = 0x40;
    private static final int MOST_HEAD = 10;
    private static final int MOST_REASON = 123;

    /** Up to this size a payload is copied behind its head, so that one buffer is written. */
    private static final int COPIED = 16 * 1024;

    private FrameWriter() {}

    /** Gives a frame to {@code to}, in one buffer or two; {@code payload} is used up. */
    static void write(int opcode, boolean deflated, ByteBuf payload, ByteBufAllocator alloc, Consumer<ByteBuf> to) {
        int length = payload.readableBytes();
        ByteBuf out = alloc.buffer(length <= COPIED ? MOST_HEAD + length : MOST_HEAD);
        out.writeByte(LAST | (deflated ? DEFLATED : 0) | opcode);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 1 << Short.SIZE) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
        if (length <= COPIED) {
            out.writeBytes(payload);
            payload.release();
            to.accept(out);
        } else {
            to.accept(out);
            to.accept(payload);
        }
    }

    /** Returns what a Close frame holds; a reason that is too long is cut, not in the middle of a character. */
    static ByteBuf close(int code, String reason, ByteBufAllocator alloc) {
        int chars = reason.length();
        while (ByteBufUtil.utf8Bytes(reason, 0, chars) > MOST_REASON) {
            chars--;
        }
        ByteBuf payload = alloc.buffer(2 + MOST_REASON).writeShort(code);
        ByteBufUtil.writeUtf8(payload, reason.substring(0, chars));
        return payload;
    }
}
