package io.juwsgi.protocol.fastcgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a short request of a responder: its beginning, its variables, no body. Used by one thread. */
public final class FastCgiRequest {
    private static final int SHORT = 127;

    private final ByteArrayOutputStream params = new ByteArrayOutputStream();

    /** Makes one without variables. */
    public FastCgiRequest() {}

    /** Adds a variable; name and value go out as UTF-8. */
    public FastCgiRequest add(String name, String value) {
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        length(key.length);
        length(text.length);
        params.writeBytes(key);
        params.writeBytes(text);
        return this;
    }

    /** Lengths below 128 take one byte, others four, of which the first bit tells. */
    private void length(int length) {
        if (length > SHORT) {
            params.write((length >> 24) | 0x80);
            params.write(length >> 16);
            params.write(length >> 8);
        }
        params.write(length);
    }

    /**
     * Returns the whole request, after which the server is to close the connection.
     *
     * @param requestId its number, 1 to 65535
     * @throws IllegalArgumentException when the variables do not fit into one record
     */
    public byte[] bytes(int requestId) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] begin = new byte[FastCgiHeader.REQUEST_SIZE];
        begin[1] = FastCgiHeader.RESPONDER;
        record(out, FastCgiHeader.BEGIN_REQUEST, requestId, begin);
        record(out, FastCgiHeader.PARAMS, requestId, params.toByteArray());
        record(out, FastCgiHeader.PARAMS, requestId, new byte[0]);
        record(out, FastCgiHeader.STDIN, requestId, new byte[0]);
        return out.toByteArray();
    }

    private static void record(ByteArrayOutputStream out, int type, int requestId, byte[] content) {
        byte[] header = new byte[FastCgiHeader.SIZE];
        new FastCgiHeader(type, requestId, content.length, 0).write(header, 0);
        out.writeBytes(header);
        out.writeBytes(content);
    }
}
