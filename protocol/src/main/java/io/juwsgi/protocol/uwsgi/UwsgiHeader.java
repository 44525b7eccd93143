package io.juwsgi.protocol.uwsgi;

/**
 * The four bytes before a block of variables.
 *
 * @param modifier1 what kind of request it is, 0 to 255
 * @param size bytes in the block, 0 to 65535
 * @param modifier2 depends on modifier1, 0 to 255
 */
public record UwsgiHeader(int modifier1, int size, int modifier2) {
    /** The size of a header in bytes. */
    public static final int SIZE = 4;

    /** The largest block, in bytes. */
    public static final int MAX_BLOCK = 65_535;

    /** modifier1 of a ping; modifier2 is 0 in the question and 1 in the answer. */
    public static final int PING = 100;

    /** modifier1 of a question to a named cache; the answer is a packet, too, and no HTTP response. */
    public static final int CACHE = 111;

    public UwsgiHeader {
        check("modifier1", modifier1, 255);
        check("size", size, MAX_BLOCK);
        check("modifier2", modifier2, 255);
    }

    private static void check(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("uwsgi " + what + ": " + value + " (expected: 0 to " + max + ")");
        }
    }

    /** Reads the header at {@code at}. */
    public static UwsgiHeader read(byte[] bytes, int at) {
        return new UwsgiHeader(
                bytes[at] & 0xFF, (bytes[at + 1] & 0xFF) | (bytes[at + 2] & 0xFF) << 8, bytes[at + 3] & 0xFF);
    }

    /** Writes this header at {@code at}. */
    public void write(byte[] bytes, int at) {
        bytes[at] = (byte) modifier1;
        bytes[at + 1] = (byte) size;
        bytes[at + 2] = (byte) (size >> 8);
        bytes[at + 3] = (byte) modifier2;
    }
}
