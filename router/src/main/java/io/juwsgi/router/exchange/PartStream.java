package io.juwsgi.router.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream of bytes that come in parts. Owned by the thread that reads. */
public abstract class PartStream extends InputStream {
    private byte[] current = {};
    private int position;
    private boolean over;

    /** Makes a stream of which nothing has come. */
    protected PartStream() {}

    /** Waits for the next part; returns null when there is none any more, and is not called again then. */
    protected abstract byte @Nullable [] next() throws IOException;

    @Override
    public final int read() throws IOException {
        return fill() ? current[position++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] into, int offset, int length) throws IOException {
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
    public final int available() {
        return current.length - position;
    }

    /** Makes sure that there are bytes in the current part; false at the end. */
    private boolean fill() throws IOException {
        while (position == current.length) {
            byte[] next = over ? null : next();
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
