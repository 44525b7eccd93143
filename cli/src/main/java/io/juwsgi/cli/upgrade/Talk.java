package io.juwsgi.cli.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The two processes' conversation: lines of text, one side speaks at a time. Used by one thread. */
final class Talk implements AutoCloseable {
    /** The new process asks for the sockets by connecting; it says this when a worker is ready. */
    static final String LOADED = "loaded";

    /** The old process has given up what only one can have. */
    static final String GO = "go";

    /** The new process accepts connections. */
    static final String SERVING = "serving";

    /** More than any address needs. */
    private static final int LONGEST = 4096;

    private final SocketChannel channel;

    Talk(SocketChannel channel) {
        this.channel = channel;
    }

    void say(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns the next line; throws when the other side is gone. */
    String hear() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (line.size() < LONGEST) {
            if (channel.read(one.clear()) < 0) {
                throw new IOException("the other process is gone");
            }
            byte next = one.get(0);
            if (next == '\n') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(next);
        }
        throw new IOException("a line of more than " + LONGEST + " bytes");
    }

    /** Hears a line that must be this one. */
    void expect(String wanted) throws IOException {
        String heard = hear();
        if (!heard.equals(wanted)) {
            throw new IOException("'" + heard + "' (expected: " + wanted + ")");
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
