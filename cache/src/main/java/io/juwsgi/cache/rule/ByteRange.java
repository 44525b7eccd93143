package io.juwsgi.cache.rule;

import io.juwsgi.spi.http.ByteRanges;
import org.jspecify.annotations.Nullable;

/**
 * A part of a representation (RFC 9110 section 14).
 *
 * @param first the offset of its first byte
 * @param last the offset of its last byte
 * @param total how long the representation is
 */
public record ByteRange(long first, long last, long total) {

    /** What a Range field asks for. */
    public sealed interface Wish {
        /** One part. */
        record Part(ByteRange range) implements Wish {}

        /** Nothing that is there: the answer is 416. */
        record Unsatisfiable() implements Wish {}

        /** All of it: there is no field, or it is not understood, or it wants several parts. */
        record Whole() implements Wish {}
    }

    /** Reads a Range field. Several parts count as all of it, which RFC 9110 section 14.2 allows. */
    public static Wish wish(@Nullable String field, long total) {
        ByteRanges ranges = field == null ? null : ByteRanges.parse(field, total);
        if (ranges == null || ranges.parts().size() > 1) {
            return new Wish.Whole();
        }
        if (ranges.parts().isEmpty()) {
            return new Wish.Unsatisfiable();
        }
        ByteRanges.Part part = ranges.parts().getFirst();
        return new Wish.Part(new ByteRange(part.from(), part.to(), total));
    }

    /** Reads a Content-Range field; null for another unit, an unknown length, or what is none. */
    public static @Nullable ByteRange of(@Nullable String field) {
        if (field == null || !field.regionMatches(true, 0, "bytes ", 0, 6)) {
            return null;
        }
        String text = field.substring(6).strip();
        int dash = text.indexOf('-');
        int slash = text.indexOf('/');
        if (dash < 0 || slash < dash) {
            return null;
        }
        long first = number(text.substring(0, dash));
        long last = number(text.substring(dash + 1, slash));
        long total = number(text.substring(slash + 1));
        return first < 0 || last < first || total <= last ? null : new ByteRange(first, last, total);
    }

    /** Returns a number of at most 15 digits, or -1. */
    private static long number(String text) {
        if (text.isEmpty() || text.length() > 15) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** Returns how many bytes it has. */
    public long count() {
        return last - first + 1;
    }

    /** Returns the value of Content-Range. */
    public String field() {
        return "bytes " + first + "-" + last + "/" + total;
    }
}
