package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;

/**
 * Checks text that comes in parts to be UTF-8 (RFC 3629), and says so at the first byte that cannot be. Owned by its
 * connection's event loop.
 */
final class Utf8Check {
    private static final long NOT_ASCII = 0x8080808080808080L;

    /** How many bytes the character that was begun still needs. */
    private int due;
    /** What the next of them may be: less than the whole of 80..BF only for the second byte. */
    private int low;

    private int high;

    /** Looks at {@code length} bytes from {@code from} on; false when they are not UTF-8. */
    boolean accepts(ByteBuf bytes, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end) {
            if (due == 0 && end - at >= Long.BYTES && (bytes.getLong(at) & NOT_ASCII) == 0) {
                at += Long.BYTES;
            } else if (!accepts(bytes.getUnsignedByte(at++))) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(int value) {
        if (due > 0) {
            boolean fits = value >= low && value <= high;
            due--;
            low = 0x80;
            high = 0xbf;
            return fits;
        }
        return value < 0x80 || begins(value);
    }

    private boolean begins(int value) {
        // No overlong forms, no surrogates, nothing beyond U+10FFFF.
        low = value == 0xe0 ? 0xa0 : value == 0xf0 ? 0x90 : 0x80;
        high = value == 0xed ? 0x9f : value == 0xf4 ? 0x8f : 0xbf;
        due = value < 0xe0 ? 1 : value < 0xf0 ? 2 : 3;
        return value >= 0xc2 && value <= 0xf4;
    }

    /** Ends a text; false when it ends in the middle of a character. */
    boolean complete() {
        boolean whole = due == 0;
        due = 0;
        return whole;
    }
}
