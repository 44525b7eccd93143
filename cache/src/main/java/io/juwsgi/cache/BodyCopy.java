package io.juwsgi.cache;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of a body while it passes, up to a limit. Owned by the exchange's event loop. */
final class BodyCopy {
    private static final int FIRST = 4 * 1024;

    private final int limit;
    private byte[] bytes;
    private int length;

    /**
     * Makes room.
     *
     * @param declared the body's length if the head says it, otherwise -1
     */
    BodyCopy(int limit, long declared) {
        this.limit = limit;
        bytes = new byte[(int) Math.min(limit, declared >= 0 ? declared : FIRST)];
    }

    /** Adds bytes; returns false when they are more than the limit. */
    boolean add(ByteBuffer more) {
        int count = more.remaining();
        if (count > limit - length) {
            return false;
        }
        if (count > bytes.length - length) {
            long wanted = Math.max(length + (long) count, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, wanted));
        }
        more.get(bytes, length, count);
        length += count;
        return true;
    }

    int length() {
        return length;
    }

    byte[] toArray() {
        return bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
    }
}
