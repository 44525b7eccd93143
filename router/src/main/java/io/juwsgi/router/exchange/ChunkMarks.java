package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** What stands around the chunks of a chunked body (RFC 9112 section 7.1). */
public final class ChunkMarks {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final ByteBuf CRLF = constant("\r\n");
    private static final ByteBuf LAST = constant("0\r\n\r\n");

    private ChunkMarks() {}

    private static ByteBuf constant(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        ByteBuf direct = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
        return Unpooled.unreleasableBuffer(direct.asReadOnly());
    }

    /** Returns the line before a chunk of {@code size} bytes. */
    public static ByteBuf before(ByteBufAllocator alloc, long size) {
        ByteBuf out = alloc.directBuffer(18);
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(size)) / 4);
        for (int i = digits - 1; i >= 0; i--) {
            out.writeByte(DIGITS[(int) (size >>> (4 * i)) & 15]);
        }
        return out.writeShort('\r' << 8 | '\n');
    }

    /** Returns the line end after a chunk's bytes. */
    public static ByteBuf after() {
        return CRLF.duplicate();
    }

    /** Returns the chunk that ends a body, with trailers behind it. */
    public static ByteBuf last(ByteBufAllocator alloc, Fields trailers) {
        ByteBuf out = alloc.directBuffer(256).writeByte('0').writeShort('\r' << 8 | '\n');
        for (int i = 0; i < trailers.size(); i++) {
            out.writeCharSequence(trailers.name(i), StandardCharsets.ISO_8859_1);
            out.writeShort(':' << 8 | ' ');
            out.writeCharSequence(trailers.value(i), StandardCharsets.ISO_8859_1);
            out.writeShort('\r' << 8 | '\n');
        }
        return out.writeShort('\r' << 8 | '\n');
    }

    /** Returns the chunk that ends a body, with no trailers. */
    public static ByteBuf last() {
        return LAST.duplicate();
    }
}
