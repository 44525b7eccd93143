package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Takes request heads off a connection, one after the other. Owned by its connection. */
final class HeadReader {
    /** What the method, the blanks and the version of a request line may need beside the target. */
    private static final int BESIDE_TARGET = 32;

    private final Limits limits;
    private final LoopContext loop;
    private final HeadScanner scanner;
    private boolean leadingLineSkipped;

    HeadReader(Limits limits, LoopContext loop) {
        this.limits = limits;
        this.loop = loop;
        this.scanner = new HeadScanner(limits.headBytes(), limits.targetBytes() + BESIDE_TARGET);
    }

    /** Returns the next head, or null when more is needed. */
    @Nullable
    RequestHead next(ByteBuf in) throws BadRequestException {
        if (!skipLeadingLine(in)) {
            return null;
        }
        byte[] scratch = loop.scratch(limits.headBytes());
        int length = scanner.scan(in, scratch);
        if (length < 0) {
            return null;
        }
        scanner.reset();
        leadingLineSkipped = false;
        in.skipBytes(length);
        return new HeadParser(scratch, length, limits.targetBytes(), limits.fieldCount()).parse();
    }

    /** RFC 9112 section 2.2: one empty line before a request is forgiven. */
    private boolean skipLeadingLine(ByteBuf in) {
        if (leadingLineSkipped || in.getByte(in.readerIndex()) != '\r') {
            return true;
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
            leadingLineSkipped = true;
        }
        return in.isReadable();
    }
}
