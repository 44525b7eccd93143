package io.juwsgi.plugin.compress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** One body that is being compressed. Owned by the exchange's event loop. */
final class Compressor {
    private static final int PART = 16 * 1024;

    private final ByteArrayOutputStream compressed = new ByteArrayOutputStream(1024);
    private final OutputStream stream;
    private final Meter meter;
    private boolean closed;

    Compressor(Coding coding, Meter meter) {
        this.meter = meter;
        try {
            stream = coding.begin(compressed);
        } catch (IOException e) {
            meter.ended();
            throw new UncheckedIOException(e);
        }
    }

    /** Takes what is left in a buffer. */
    void add(ByteBuffer bytes) {
        meter.took(bytes.remaining());
        byte[] part = new byte[Math.min(PART, bytes.remaining())];
        while (bytes.hasRemaining()) {
            int count = Math.min(part.length, bytes.remaining());
            bytes.get(part, 0, count);
            try {
                stream.write(part, 0, count);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Lets everything that was added come out. */
    void flush() {
        try {
            stream.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many bytes have come out. */
    int ready() {
        return compressed.size();
    }

    /** Returns what has come out. */
    byte[] take() {
        byte[] bytes = compressed.toByteArray();
        compressed.reset();
        meter.gave(bytes.length);
        return bytes;
    }

    /** Ends the body, and gives its memory back. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        meter.ended();
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
