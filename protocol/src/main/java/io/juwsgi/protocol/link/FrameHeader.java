package io.juwsgi.protocol.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The fixed part of a frame.
 *
 * @param length bytes of payload
 * @param type one of {@link FrameType}
 * @param flags {@link #END} and {@link #REFUSED}
 * @param id the request's, worker's or core's number
 * @param aux depends on the type
 * @param micros the application's time in microseconds
 */
public record FrameHeader(int length, int type, int flags, int id, int aux, int micros) {
    /** The size of a header in bytes. */
    public static final int SIZE = 20;

    /** The largest payload, in bytes. */
    public static final int MAX_LENGTH = 16 * 1024 * 1024;

    /** Flag: nothing more comes for this request. */
    public static final int END = 1;

    /** Flag: the negative form of the frame. */
    public static final int REFUSED = 2;

    /** The id in HELLO of the side connection. */
    public static final int SIDE = -1;

    /**
     * Reads a header and moves the buffer's position past it.
     *
     * @param buffer at least {@link #SIZE} bytes, in any byte order
     * @throws FrameException when the length is out of bounds
     */
    public static FrameHeader read(ByteBuffer buffer) throws FrameException {
        ByteBuffer bytes = buffer.slice(buffer.position(), SIZE).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + SIZE);
        int length = bytes.getInt(0);
        if (length < 0 || length > MAX_LENGTH) {
            throw new FrameException(
                    "frame length: " + Integer.toUnsignedString(length) + " (expected: at most " + MAX_LENGTH + ")");
        }
        return new FrameHeader(
                length, bytes.get(4) & 0xFF, bytes.get(5) & 0xFF, bytes.getInt(8), bytes.getInt(12), bytes.getInt(16));
    }

    /** Writes this header at the buffer's position, in any byte order, and moves the position past it. */
    public void write(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.slice(buffer.position(), SIZE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(length).put((byte) type).put((byte) flags).putShort((short) 0);
        bytes.putInt(id).putInt(aux).putInt(micros);
        buffer.position(buffer.position() + SIZE);
    }
}
