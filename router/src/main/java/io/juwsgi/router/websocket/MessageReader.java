package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes a client's frames apart (RFC 6455 section 5.2) and puts its messages together, inflated and checked; what a frame holds
 * of a message is taken as it comes. Owned by its connection's event loop.
 */
final class MessageReader {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int MASK = 4;
    private static final int CONTROL_BYTES = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final long MORE_THAN_SHORT = 65_536;

    /** Takes what is complete; buffers are the sink's. */
    interface Sink {
        void message(boolean text, ByteBuf whole);

        /** A frame between those of messages: {@link #CLOSE}, {@link #PING} or {@link #PONG}. */
        void control(int opcode, ByteBuf payload) throws CloseException;
    }

    private final int most;
    private final @Nullable MessageInflater inflater;
    private final ByteBufAllocator alloc;
    private final Sink sink;
    private final Utf8Check utf8 = new Utf8Check();

    /** The frame that is under way: how much of it is to come, -1 when there is none. */
    private long left = -1;

    private int opcode;
    private boolean last;
    private int mask;

    /** What has come of a message, null when none is under way. */
    private @Nullable ByteBuf message;

    private boolean text;
    private boolean compressed;
    private long compressedBytes;

    /**
     * Makes a reader.
     *
     * @param most the largest message in bytes
     * @param inflater inflates messages, when that was agreed on
     */
    MessageReader(int most, @Nullable MessageInflater inflater, ByteBufAllocator alloc, Sink sink) {
        this.most = most;
        this.inflater = inflater;
        this.alloc = alloc;
        this.sink = sink;
    }

    /** Takes one thing: a frame's head, or as much as there is of its payload; false when more must come first. */
    boolean step(ByteBuf in) throws CloseException {
        if (left < 0) {
            return head(in);
        }
        return opcode >= CLOSE ? control(in) : data(in);
    }

    private boolean head(ByteBuf in) throws CloseException {
        if (in.readableBytes() < 2) {
            return false;
        }
        int at = in.readerIndex();
        int first = in.getUnsignedByte(at);
        int second = in.getUnsignedByte(at + 1);
        check(first, second);
        int told = second & 0x7f;
        int size = told < TWO_BYTES ? 0 : told == TWO_BYTES ? Short.BYTES : Long.BYTES;
        if (in.readableBytes() < 2 + size + MASK) {
            return false;
        }
        in.skipBytes(2);
        long length = switch (told) {
            case TWO_BYTES -> atLeast(TWO_BYTES, in.readUnsignedShort());
            case EIGHT_BYTES -> atLeast(MORE_THAN_SHORT, in.readLong());
            default -> told;
        };
        mask = in.readInt();
        last = (first & 0x80) != 0;
        opcode = first & 0x0f;
        if (opcode < CLOSE) {
            begin((first & 0x40) != 0, length);
        }
        left = length;
        return true;
    }

    /** The shortest form must be used (RFC 6455 section 5.2). */
    private static long atLeast(long least, long length) throws CloseException {
        if (length < least) {
            throw CloseException.protocol("The length of a frame is not written as it must be.");
        }
        return length;
    }

    private void check(int first, int second) throws CloseException {
        int code = first & 0x0f;
        boolean deflated = (first & 0x40) != 0;
        if ((second & 0x80) == 0) {
            throw CloseException.protocol("The frame is not masked.");
        }
        if ((first & 0x30) != 0 || (deflated && (inflater == null || (code != TEXT && code != BINARY)))) {
            throw CloseException.protocol("The frame has a bit of an extension that was not agreed on.");
        }
        if (code > PONG || (code > BINARY && code < CLOSE)) {
            throw CloseException.protocol("The frame is of no known kind.");
        }
        if (code >= CLOSE && ((first & 0x80) == 0 || (second & 0x7f) > CONTROL_BYTES)) {
            throw CloseException.protocol("The control frame is too long, or in parts.");
        }
        if (code < CLOSE && (code == CONTINUATION) != (message != null)) {
            throw CloseException.protocol("The frame does not continue what was before it.");
        }
    }

    private void begin(boolean deflated, long length) throws CloseException {
        if (opcode != CONTINUATION) {
            text = opcode == TEXT;
            compressed = deflated;
            compressedBytes = 0;
        }
        // What is compressed is limited as it comes, and by what it becomes.
        if (!compressed && length > most - (message == null ? 0 : message.readableBytes())) {
            throw new CloseException(CloseException.TOO_BIG, "The message is larger than is allowed.");
        }
        if (message == null) {
            message = alloc.buffer((int) Math.min(length, 512));
        }
    }

    private boolean control(ByteBuf in) throws CloseException {
        if (in.readableBytes() < left) {
            return false;
        }
        int length = (int) left;
        unmask(in, length);
        ByteBuf payload = alloc.buffer(length).writeBytes(in, length);
        left = -1;
        sink.control(opcode, payload);
        return true;
    }

    private boolean data(ByteBuf in) throws CloseException {
        int count = (int) Math.min(left, in.readableBytes());
        if (count == 0 && left > 0) {
            return false;
        }
        ByteBuf whole = Objects.requireNonNull(message);
        int before = whole.writerIndex();
        if (count > 0) {
            unmask(in, count);
            take(in, count, whole);
            left -= count;
        }
        boolean complete = left == 0 && last;
        if (complete && compressed) {
            Objects.requireNonNull(inflater).end(whole, most);
        }
        if (text) {
            checkText(whole, before, complete);
        }
        if (left == 0) {
            left = -1;
        }
        if (complete) {
            message = null;
            sink.message(text, whole);
        }
        return true;
    }

    private void take(ByteBuf in, int count, ByteBuf whole) throws CloseException {
        if (!compressed) {
            whole.writeBytes(in, count);
            return;
        }
        compressedBytes += count;
        // Deflated bytes may be more than the message, by very little, but they may also be for nothing.
        if (compressedBytes > most + most / 8L + CONTROL_BYTES) {
            throw new CloseException(CloseException.TOO_BIG, "The message is larger than is allowed.");
        }
        Objects.requireNonNull(inflater).inflate(in.nioBuffer(in.readerIndex(), count), whole, most);
        in.skipBytes(count);
    }

    private void checkText(ByteBuf whole, int from, boolean complete) throws CloseException {
        if (!utf8.accepts(whole, from, whole.writerIndex() - from) || (complete && !utf8.complete())) {
            throw new CloseException(CloseException.BAD_PAYLOAD, "The text is not UTF-8.");
        }
    }

    /** Undoes the client's mask (RFC 6455 section 5.3) on the next bytes, in place. */
    private void unmask(ByteBuf in, int count) {
        int at = in.readerIndex();
        int end = at + count;
        if (mask != 0) {
            long eight = ((long) mask << Integer.SIZE) | (mask & 0xffffffffL);
            for (; end - at >= Long.BYTES; at += Long.BYTES) {
                in.setLong(at, in.getLong(at) ^ eight);
            }
            for (int shift = 24; at < end; at++, shift -= 8) {
                in.setByte(at, in.getByte(at) ^ (mask >>> shift));
            }
        }
        // For what is still to come of the frame.
        mask = Integer.rotateLeft(mask, count % MASK * Byte.SIZE);
    }

    /** Drops what is under way. */
    void release() {
        ByteBuf begun = message;
        message = null;
        if (begun != null) {
            begun.release();
        }
        if (inflater != null) {
            inflater.release();
        }
    }
}
