package io.juwsgi.router.front;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends, as a stream. Filled on the connection's event loop, read on the front's threads, one at a time; the lock
 * guards what they share.
 */
final class ConnectionInput extends InputStream {
    /** How many bytes may wait for the reader before the client is read no further. */
    private static final int HIGH = 64 * 1024;

    private static final int LOW = 16 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private final Runnable resume;
    private final Flush flush;
    /** How much of the first array that waits was read. */
    private int position;

    private int available;
    private boolean paused;
    private boolean ended;
    private @Nullable IOException failure;

    /** Sends what was written before a thread waits for the client. */
    @FunctionalInterface
    interface Flush {
        void beforeWaiting() throws IOException;
    }

    /**
     * Makes a stream.
     *
     * @param resume has the client read on; called on a front's thread
     */
    ConnectionInput(Runnable resume, Flush flush) {
        this.resume = resume;
        this.flush = flush;
    }

    // ---- on the event loop

    /** Takes the next bytes; returns whether the client is to be read on. */
    boolean offer(byte[] bytes) {
        lock.lock();
        try {
            if (!ended && failure == null && bytes.length > 0) {
                waiting.add(bytes);
                available += bytes.length;
                came.signalAll();
            }
            paused = available >= HIGH;
            return !paused;
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing more comes; what came can still be read. */
    void end() {
        lock.lock();
        try {
            ended = true;
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that the rest cannot be read. */
    void fail(IOException why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- on any thread

    @Override
    public int available() {
        lock.lock();
        try {
            return available;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether reading fails. */
    boolean failed() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    // ---- on a front's thread

    /** Waits for the next byte; false at the end. */
    boolean await() throws IOException {
        if (available() == 0) {
            flush.beforeWaiting();
        }
        lock.lock();
        try {
            while (available == 0 && !ended && failure == null) {
                came.await();
            }
            if (failure != null) {
                // Another object each time: several threads may throw it.
                throw PluggedConnection.again(failure);
            }
            return available > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!await()) {
            return -1;
        }
        boolean wake;
        int count;
        lock.lock();
        try {
            byte[] first = Objects.requireNonNull(waiting.peek());
            count = Math.min(length, first.length - position);
            System.arraycopy(first, position, into, offset, count);
            position += count;
            available -= count;
            if (position == first.length) {
                waiting.remove();
                position = 0;
            }
            wake = paused && available <= LOW;
            paused &= !wake;
        } finally {
            lock.unlock();
        }
        if (wake) {
            resume.run();
        }
        return count;
    }
}
