package io.juwsgi.spi.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a representation that a Range field asks for (RFC 9110 section 14). Immutable; fuzz target:
 * ByteRangesFuzzTest.
 *
 * @param parts the parts that exist, in the order in which they were asked for; empty when none does
 */
public record ByteRanges(List<Part> parts) {
    /** More parts than a client that fetches a file needs: the field is ignored, as section 14.2 suggests. */
    private static final int MAX_PARTS = 16;

    private static final int MAX_LENGTH = 1024;

    /**
     * One part.
     *
     * @param from the offset of its first byte
     * @param to the offset of its last byte, which belongs to it
     */
    public record Part(long from, long to) {

        /** Returns how many bytes there are. */
        public long count() {
            return to - from + 1;
        }
    }

    public ByteRanges {
        parts = List.copyOf(parts);
    }

    /**
     * Reads a Range field.
     *
     * @param field the field's value
     * @param size how many bytes there are in all
     * @return null when the field is to be ignored and everything sent: it is of another unit or form, asks for too many
     *     parts, or for more bytes in all than there are
     */
    public static @Nullable ByteRanges parse(String field, long size) {
        if (field.length() > MAX_LENGTH || !field.regionMatches(true, 0, "bytes=", 0, 6)) {
            return null;
        }
        List<Part> parts = new ArrayList<>(2);
        long left = size;
        int asked = 0;
        for (int start = 6; start <= field.length(); ) {
            int comma = field.indexOf(',', start);
            int end = comma < 0 ? field.length() : comma;
            String one = field.substring(start, end).strip();
            start = end + 1;
            if (one.isEmpty()) {
                continue;
            }
            Part part = part(one, size);
            if (part == null || ++asked > MAX_PARTS) {
                return null;
            }
            if (part.count() > 0) {
                parts.add(part);
                left -= part.count();
            }
        }
        return asked == 0 || left < 0 ? null : new ByteRanges(parts);
    }

    /** Returns a part, one without bytes when it lies behind the end; null when it has another form. */
    private static @Nullable Part part(String text, long size) {
        int dash = text.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long from = number(text, 0, dash);
        long to = number(text, dash + 1, text.length());
        if (dash == 0) {
            // The last bytes.
            return to < 0 ? null : new Part(size - Math.min(to, size), size - 1);
        }
        if (from < 0 || (to < 0 && dash + 1 < text.length()) || (to >= 0 && to < from)) {
            return null;
        }
        return from >= size ? new Part(0, -1) : new Part(from, to < 0 ? size - 1 : Math.min(to, size - 1));
    }

    /** Returns a number of digits alone; the largest long for one that is larger; -1 when it is none. */
    private static long number(String text, int from, int to) {
        if (from == to) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
        }
        return value;
    }
}
