package io.juwsgi.router.front;

import io.juwsgi.router.exchange.Room;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What goes to a client, as a stream. Written on the front's thread; the event loop hears of each full buffer, and says when there
 * is room for the next.
 */
final class ConnectionOutput extends OutputStream {
    private static final int BUFFER = 16 * 1024;

    private final Room room = new Room();
    private final Consumer<ByteBuf> send;
    /** The writer's own. */
    private byte[] buffer = new byte[512];

    private int count;

    /**
     * Makes a stream.
     *
     * @param send takes a buffer to write, on the front's thread
     */
    ConnectionOutput(Consumer<ByteBuf> send) {
        this.send = send;
    }

    // ---- on the event loop

    void roomAgain() {
        room.again();
    }

    /** Says that nothing reaches the client any more. */
    void gone() {
        room.clientGone();
    }

    // ---- on the front's thread

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, BUFFER - count);
            if (count + part > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.min(BUFFER, Math.max(count + part, 2 * buffer.length)));
            }
            System.arraycopy(from, offset + done, buffer, count, part);
            count += part;
            done += part;
            if (count == BUFFER) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (count > 0) {
            room.take();
            byte[] bytes = Arrays.copyOf(buffer, count);
            count = 0;
            send.accept(Unpooled.wrappedBuffer(bytes));
        }
    }
}
