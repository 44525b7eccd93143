package io.juwsgi.router.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What goes to a client, as a stream. Written on the front's thread; the event loop hears of each full buffer, and says when there
 * is room for the next.
 */
final class ConnectionOutput extends OutputStream {
    private static final int BUFFER = 16 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Consumer<ByteBuf> send;
    private boolean room = true;
    private boolean gone;
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
        lock.lock();
        try {
            room = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing reaches the client any more. */
    void gone() {
        lock.lock();
        try {
            gone = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
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
            awaitRoom();
            byte[] bytes = Arrays.copyOf(buffer, count);
            count = 0;
            send.accept(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void awaitRoom() throws IOException {
        lock.lock();
        try {
            while (!room && !gone) {
                changed.await();
            }
            if (gone) {
                throw new IOException(PluggedConnection.GONE);
            }
            room = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        } finally {
            lock.unlock();
        }
    }
}
