package io.juwsgi.cache.named;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Arithmetic on values, which are signed numbers of 64 bits in little-endian order then, as in uWSGI. */
enum Arithmetic {
    INC,
    DEC,
    MUL,
    DIV;

    /**
     * Returns the result; it wraps around at 64 bits.
     *
     * @throws ArithmeticException when 0 is divided by
     */
    long of(long left, long right) {
        return switch (this) {
            case INC -> left + right;
            case DEC -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
        };
    }

    /** Returns the number that bytes hold; missing ones count as 0, those behind the eighth not at all. */
    static long number(byte[] value) {
        return ByteBuffer.wrap(Arrays.copyOf(value, Long.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(number)
                .array();
    }
}
