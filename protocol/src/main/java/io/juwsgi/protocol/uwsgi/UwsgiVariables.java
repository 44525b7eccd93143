package io.juwsgi.protocol.uwsgi;

import java.nio.charset.StandardCharsets;

/** Reads blocks of variables: {@code length, name, length, value} again and again, lengths u16 little-endian. */
public final class UwsgiVariables {

    /** Takes variables in wire order. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * Takes one variable.
         *
         * @param name not empty, each char one byte
         * @param value may be empty, each char one byte
         */
        void variable(String name, String value);
    }

    private UwsgiVariables() {}

    /**
     * Reads the block {@code from} to {@code to}.
     *
     * @throws UwsgiException when a length goes past the end, or a name is empty; variables before it were visited
     */
    public static void read(byte[] block, int from, int to, Visitor visitor) throws UwsgiException {
        int at = from;
        while (at < to) {
            int nameLength = length(block, at, to, "name");
            at += 2;
            if (nameLength == 0) {
                throw new UwsgiException("uwsgi variable at byte " + (at - 2 - from) + ": empty name");
            }
            String name = new String(block, at, nameLength, StandardCharsets.ISO_8859_1);
            at += nameLength;
            int valueLength = length(block, at, to, "value");
            at += 2;
            visitor.variable(name, new String(block, at, valueLength, StandardCharsets.ISO_8859_1));
            at += valueLength;
        }
    }

    private static int length(byte[] block, int at, int to, String what) throws UwsgiException {
        int left = to - at - 2;
        int length = left < 0 ? 0 : (block[at] & 0xFF) | (block[at + 1] & 0xFF) << 8;
        if (left < length) {
            throw new UwsgiException("uwsgi variable: " + what + " of " + length + " bytes (expected: at most "
                    + Math.max(left, 0) + ", the rest of the block)");
        }
        return length;
    }
}
