package io.juwsgi.loadbalancer.check;

import io.juwsgi.spi.balance.CheckTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;

/** A connection of a health check; an interrupt ends whatever it waits for. Used by one thread. */
final class Connection implements AutoCloseable {
    private final ByteChannel channel;

    private Connection(ByteChannel channel) {
        this.channel = channel;
    }

    /** Connects. */
    static Connection to(CheckTarget target) throws IOException {
        return new Connection(target.connect());
    }

    void send(byte[] bytes) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Reads a line of at most {@code most} bytes, without its end. */
    String line(int most) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < most && channel.read(one.clear()) > 0) {
            if (one.get(0) == '\n') {
                return text.toString().strip();
            }
            text.append((char) (one.get(0) & 0xFF));
        }
        throw new IOException(text.isEmpty() ? "closed without an answer" : "answered something else");
    }

    byte[] read(int count) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(count);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new IOException("closed without an answer");
            }
        }
        return in.array();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
