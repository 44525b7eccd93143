package io.juwsgi.plugin.logs;

import java.nio.charset.StandardCharsets;

/** Cuts what is too much for one datagram. No state. */
final class Pieces {

    /** Takes one piece. */
    interface Taker<E extends Exception> {
        void take(byte[] bytes, int from, int to) throws E;
    }

    private Pieces() {}

    /**
     * Gives each line of a text, in UTF-8, in pieces of at most {@code most} bytes; no character is cut.
     *
     * @param most at least 4
     */
    static <E extends Exception> void of(String text, int most, Taker<E> taker) throws E {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = 0;
        for (int i = 0; i <= bytes.length; i++) {
            boolean end = i == bytes.length || bytes[i] == '\n';
            if (!end && i - from < most) {
                continue;
            }
            int to = end ? i : wholeCharacters(bytes, i);
            if (to > from || bytes.length == 0) {
                taker.take(bytes, from, to);
            }
            from = end ? i + 1 : to;
        }
    }

    /** Returns where the character begins that has a byte at {@code at}. */
    private static int wholeCharacters(byte[] bytes, int at) {
        int start = at;
        while ((bytes[start] & 0xC0) == 0x80) {
            start--;
        }
        return start;
    }
}
