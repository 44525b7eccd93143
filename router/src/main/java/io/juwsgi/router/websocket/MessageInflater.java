package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates a client's messages as their bytes come (RFC 7692 section 7.2.2), no further than a limit. Holds memory of the
 * JDK's outside the heap during a message, and between messages when they may refer to each other. Owned by its connection's
 * event loop.
 */
final class MessageInflater {
    private static final int PART = 4 * 1024;

    /** What a sender leaves out at the end of a message. */
    private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

    /** One for the messages that come whole, nearly all, of an event loop's clients. */
    private static final FastThreadLocal<Inflater> SPARE = new FastThreadLocal<>() {
        @Override
        protected void onRemoval(Inflater spare) {
            spare.end();
        }
    };

    private final boolean context;
    private @Nullable Inflater inflater;

    MessageInflater(boolean context) {
        this.context = context;
    }

    /** Adds what {@code in} inflates to to {@code out}, which may have {@code most} bytes. */
    void inflate(ByteBuffer in, ByteBuf out, int most) throws CloseException {
        Inflater own = inflater();
        own.setInput(in);
        try {
            while (true) {
                out.ensureWritable(PART);
                int room = Math.min(out.writableBytes(), most + 1 - out.readableBytes());
                int got = own.inflate(out.internalNioBuffer(out.writerIndex(), room));
                out.writerIndex(out.writerIndex() + got);
                if (out.readableBytes() > most) {
                    throw new CloseException(CloseException.TOO_BIG, "The message inflates to more than is allowed.");
                }
                if (own.finished()) {
                    // A sender may end a block for good, and go on (section 7.2.3.4).
                    own.reset();
                    own.setInput(in);
                }
                if (got == 0 && own.needsInput()) {
                    return;
                }
                if (own.needsDictionary()) {
                    throw bad();
                }
            }
        } catch (DataFormatException e) {
            throw bad();
        }
    }

    private static CloseException bad() {
        return new CloseException(CloseException.BAD_PAYLOAD, "The message is not compressed as agreed.");
    }

    private Inflater inflater() {
        Inflater own = inflater;
        if (own == null) {
            own = SPARE.getIfExists();
            if (own == null) {
                own = new Inflater(true);
            } else {
                SPARE.set(null);
            }
            inflater = own;
        }
        return own;
    }

    /** Adds what is left of the message. */
    void end(ByteBuf out, int most) throws CloseException {
        inflate(ByteBuffer.wrap(TAIL), out, most);
        if (!context) {
            release();
        }
    }

    /** Gives back what it holds. */
    void release() {
        Inflater own = inflater;
        inflater = null;
        if (own == null) {
            return;
        }
        if (SPARE.getIfExists() == null) {
            own.reset();
            SPARE.set(own);
        } else {
            own.end();
        }
    }
}
