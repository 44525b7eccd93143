package io.juwsgi.cli.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Gathers lines, each with a line end, so that few writes are needed. Owned by one thread. */
final class LineBuffer {
    /** How many bytes are gathered before they are written; a longer line goes by itself. */
    private static final int SIZE = 64 * 1024;

    /** Takes what was gathered. */
    interface Drain {
        void write(byte[] bytes, int length) throws IOException;
    }

    private final Drain drain;
    private final byte[] bytes = new byte[SIZE];
    private int length;

    LineBuffer(Drain drain) {
        this.drain = drain;
    }

    void line(String text) throws IOException {
        byte[] line = text.getBytes(StandardCharsets.UTF_8);
        if (line.length + 1 > SIZE - length) {
            flush();
        }
        if (line.length + 1 > SIZE) {
            byte[] whole = java.util.Arrays.copyOf(line, line.length + 1);
            whole[line.length] = '\n';
            drain.write(whole, whole.length);
            return;
        }
        System.arraycopy(line, 0, bytes, length, line.length);
        length += line.length;
        bytes[length++] = '\n';
    }

    void flush() throws IOException {
        int count = length;
        length = 0;
        if (count > 0) {
            drain.write(bytes, count);
        }
    }

    /** Forgets what was gathered. */
    void clear() {
        length = 0;
    }
}
