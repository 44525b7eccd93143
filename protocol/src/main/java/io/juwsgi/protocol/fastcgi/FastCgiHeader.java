package io.juwsgi.protocol.fastcgi;

/**
 * The eight bytes before the content of a record.
 *
 * @param type what the record is, 0 to 255
 * @param requestId the request that it belongs to, 0 to 65535
 * @param content bytes of content, 0 to 65535
 * @param padding bytes that follow the content and mean nothing, 0 to 255
 */
public record FastCgiHeader(int type, int requestId, int content, int padding) {
    /** The size of a header in bytes. */
    public static final int SIZE = 8;

    /** The only version that there is. */
    public static final int VERSION = 1;

    /** The largest content of a record, in bytes; what is longer goes in several records. */
    public static final int MAX_CONTENT = 65_535;

    /** Type: a request begins. Its content is the role in two bytes, flags, and five bytes that are zero. */
    public static final int BEGIN_REQUEST = 1;

    /** Type: a request is over. Its content is the application's status in four bytes, the protocol's in one, and three of zero. */
    public static final int END_REQUEST = 3;

    /** Type: variables; an empty record ends them. */
    public static final int PARAMS = 4;

    /** Type: the body of the request; an empty record ends it. */
    public static final int STDIN = 5;

    /** Type: the answer. */
    public static final int STDOUT = 6;

    /** Type: what the application complains of. */
    public static final int STDERR = 7;

    /** The role of an application that answers requests. */
    public static final int RESPONDER = 1;

    /** The size of the content of {@link #BEGIN_REQUEST} and {@link #END_REQUEST} in bytes. */
    public static final int REQUEST_SIZE = 8;

    public FastCgiHeader {
        check("type", type, 255);
        check("request id", requestId, 65_535);
        check("content", content, MAX_CONTENT);
        check("padding", padding, 255);
    }

    private static void check(String what, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException("FastCGI " + what + ": " + value + " (expected: 0 to " + max + ")");
        }
    }

    /**
     * Reads the header at {@code at}.
     *
     * @throws FastCgiException when it is one of another version
     */
    public static FastCgiHeader read(byte[] bytes, int at) throws FastCgiException {
        if (bytes[at] != VERSION) {
            throw new FastCgiException("a record of version " + (bytes[at] & 0xFF) + " (expected: " + VERSION + ")");
        }
        return new FastCgiHeader(
                bytes[at + 1] & 0xFF, number(bytes, at + 2), number(bytes, at + 4), bytes[at + 6] & 0xFF);
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    /** Writes this header at {@code at}. */
    public void write(byte[] bytes, int at) {
        bytes[at] = VERSION;
        bytes[at + 1] = (byte) type;
        bytes[at + 2] = (byte) (requestId >> 8);
        bytes[at + 3] = (byte) requestId;
        bytes[at + 4] = (byte) (content >> 8);
        bytes[at + 5] = (byte) content;
        bytes[at + 6] = (byte) padding;
        bytes[at + 7] = 0;
    }
}
