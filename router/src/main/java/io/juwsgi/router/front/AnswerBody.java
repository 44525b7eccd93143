package io.juwsgi.router.front;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** An answer's body as a stream. Owned by the front's thread. */
final class AnswerBody extends InputStream {
    private final AnswerQueue queue;
    private final ConnectionOutput output;
    private byte[] current = {};
    private int position;
    private boolean over;

    /**
     * Makes a stream.
     *
     * @param output sent before this one waits
     */
    AnswerBody(AnswerQueue queue, ConnectionOutput output) {
        this.queue = queue;
        this.output = output;
    }

    @Override
    public int read() throws IOException {
        return fill() ? current[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, into, offset, count);
        position += count;
        return count;
    }

    @Override
    public int available() {
        return current.length - position;
    }

    private boolean fill() throws IOException {
        while (position == current.length) {
            if (over) {
                return false;
            }
            if (queue.empty()) {
                output.flush();
            }
            byte[] next = queue.next();
            if (next == null) {
                over = true;
                return false;
            }
            current = next;
            position = 0;
        }
        return true;
    }
}
