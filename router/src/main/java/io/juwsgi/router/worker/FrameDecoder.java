package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes that a worker sends into frames, without copying bodies. Owned by the link's event loop.
 *
 * <p>Each frame is a start, which is handed over whole (the head of a response, the payload of a short message), and then
 * body bytes, which are handed over as they come. Only a header or a start that two reads share is copied.
 */
public final class FrameDecoder {
    /** The longest start in bytes: a response head, a stack of a thread. */
    static final int MAX_START = 1024 * 1024;

    /** Takes frames. */
    public interface Receiver {

        /**
         * A frame begins.
         *
         * @param bytes holds the start from {@code bytes.readerIndex()} on; only to be looked at during the call
         * @param length of the start
         */
        void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length) throws FrameException;

        /** Takes body bytes of the frame: {@code length} from the reader index on; only to be looked at or retained. */
        void body(ByteBuf bytes, int length) throws FrameException;

        /** The frame is complete. */
        void frameEnd() throws FrameException;
    }

    private enum State {
        HEADER,
        START,
        BODY
    }

    private final Receiver receiver;
    private final int maxStart;
    private State state = State.HEADER;
    private @Nullable ByteBuf part;
    private int type;
    private int flags;
    private int id;
    private int aux;
    private long micros;
    private int start;
    private int rest;
    private boolean closed;

    FrameDecoder(Receiver receiver) {
        this(receiver, MAX_START);
    }

    /**
     * Makes a decoder.
     *
     * @param maxStart the longest start that is taken, in bytes
     */
    public FrameDecoder(Receiver receiver, int maxStart) {
        this.receiver = receiver;
        this.maxStart = maxStart;
    }

    /**
     * Takes bytes; all of them are consumed, and the buffer stays the caller's.
     *
     * @throws FrameException when they break the rules; nothing more may be decoded then
     */
    public void decode(ByteBuf in) throws FrameException {
        while (!closed && step(in)) {
            // Each step hands over one header, start or piece of a body.
        }
    }

    private boolean step(ByteBuf in) throws FrameException {
        return switch (state) {
            case HEADER -> header(in);
            case START -> start(in);
            case BODY -> body(in);
        };
    }

    private boolean header(ByteBuf in) throws FrameException {
        ByteBuf header = whole(in, FrameHeader.SIZE);
        if (header == null) {
            return false;
        }
        parse(header);
        header.skipBytes(FrameHeader.SIZE);
        forgetPart();
        state = State.START;
        return true;
    }

    private boolean start(ByteBuf in) throws FrameException {
        ByteBuf head = whole(in, start);
        if (head == null) {
            return false;
        }
        receiver.frame(type, flags, id, aux, micros, head, start);
        if (closed) {
            return false;
        }
        head.skipBytes(start);
        forgetPart();
        state = State.BODY;
        return true;
    }

    private boolean body(ByteBuf in) throws FrameException {
        int here = Math.min(rest, in.readableBytes());
        if (here > 0) {
            receiver.body(in, here);
            in.skipBytes(here);
            rest -= here;
        }
        if (rest > 0) {
            return false;
        }
        state = State.HEADER;
        receiver.frameEnd();
        return in.isReadable();
    }

    private void parse(ByteBuf bytes) throws FrameException {
        int at = bytes.readerIndex();
        int length = bytes.getIntLE(at);
        if (length < 0 || length > FrameHeader.MAX_LENGTH) {
            throw new FrameException("frame length: " + Integer.toUnsignedString(length) + " (expected: at most "
                    + FrameHeader.MAX_LENGTH + ")");
        }
        if (bytes.getShortLE(at + 6) != 0) {
            throw new FrameException("frame bytes 6 and 7: " + bytes.getUnsignedShortLE(at + 6) + " (expected: 0)");
        }
        type = bytes.getUnsignedByte(at + 4);
        flags = bytes.getUnsignedByte(at + 5);
        id = bytes.getIntLE(at + 8);
        aux = bytes.getIntLE(at + 12);
        micros = bytes.getUnsignedIntLE(at + 16);
        start = startOf(length);
        rest = length - start;
    }

    private int startOf(int length) throws FrameException {
        int first = switch (type) {
            case FrameType.RESPONSE -> aux;
            case FrameType.DATA, FrameType.SEND -> 0;
            default -> length;
        };
        if (first < 0 || first > length || first > maxStart) {
            throw new FrameException("start of frame type " + type + ": " + Integer.toUnsignedString(first)
                    + " bytes of " + length + " (expected: at most " + maxStart + ")");
        }
        return first;
    }

    /** Returns a buffer whose next {@code size} bytes are there, or null when more must come first. */
    private @Nullable ByteBuf whole(ByteBuf in, int size) {
        ByteBuf partly = part;
        if (partly == null) {
            if (in.readableBytes() >= size) {
                return in;
            }
            if (in.isReadable()) {
                part = in.alloc().buffer(size).writeBytes(in);
            }
            return null;
        }
        partly.writeBytes(in, Math.min(size - partly.readableBytes(), in.readableBytes()));
        return partly.readableBytes() == size ? partly : null;
    }

    private void forgetPart() {
        if (part != null) {
            part.release();
            part = null;
        }
    }

    /** Returns whether the bytes so far end with a whole frame. */
    boolean atFrameEnd() {
        return state == State.HEADER && part == null;
    }

    /** Gives back what is held; nothing more is handed over. */
    public void close() {
        closed = true;
        forgetPart();
    }
}
