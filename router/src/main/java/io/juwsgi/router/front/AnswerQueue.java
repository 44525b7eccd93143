package io.juwsgi.router.front;

import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way from the event loop, where its exchange is, to the front's thread. The lock guards it; regions of files are
 * read by whoever takes them.
 */
final class AnswerQueue {
    /** How many bytes may wait for the front before the application is slowed down. */
    private static final int HIGH = 64 * 1024;

    private static final int LOW = 16 * 1024;
    private static final int FILE_PART = 32 * 1024;

    /** A part of the body. */
    private sealed interface Part {
        /** Bytes that nothing else holds. */
        final class Bytes implements Part {
            private final byte[] bytes;

            Bytes(byte[] bytes) {
                this.bytes = bytes;
            }
        }

        record File(FileRegion region, long count) implements Part {}
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Part> parts = new ArrayDeque<>();
    private final Runnable roomAgain;
    private @Nullable Response head;
    private long length;
    private long waiting;
    private boolean full;
    private boolean ended;
    private boolean cut;
    private boolean dropped;

    /**
     * Makes a queue.
     *
     * @param roomAgain says that the application may go on; called on the front's thread
     */
    AnswerQueue(Runnable roomAgain) {
        this.roomAgain = roomAgain;
    }

    // ---- on the event loop

    void head(Response given, long bodyLength) {
        lock.lock();
        try {
            head = given;
            length = bodyLength;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void data(byte[] bytes) {
        add(new Part.Bytes(bytes), bytes.length);
    }

    /** Takes a region, which is closed when it was read or is dropped. */
    void file(FileRegion region, long count) {
        if (!add(new Part.File(region, count), count)) {
            region.close();
        }
    }

    private boolean add(Part part, long size) {
        lock.lock();
        try {
            if (dropped) {
                return false;
            }
            parts.add(part);
            waiting += size;
            full = waiting >= HIGH;
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean hasRoom() {
        lock.lock();
        try {
            return !full;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Says that nothing more comes.
     *
     * @param incomplete whether something is missing
     */
    void end(boolean incomplete) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                cut = incomplete;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- on the front's thread

    /** Waits for the head. */
    Response awaitHead() throws IOException {
        lock.lock();
        try {
            while (head == null && !ended) {
                changed.await();
            }
            if (head == null) {
                throw new IOException(PluggedConnection.GONE);
            }
            return head;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Returns the length that was told with the head. */
    long length() {
        lock.lock();
        try {
            return length;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether {@link #next} would wait. */
    boolean empty() {
        lock.lock();
        try {
            return parts.isEmpty() && !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next bytes; null at the end. */
    byte @Nullable [] next() throws IOException {
        Part part;
        lock.lock();
        try {
            while (parts.isEmpty() && !ended) {
                changed.await();
            }
            part = parts.peek();
            if (part == null) {
                if (cut) {
                    throw new CutOffException();
                }
                return null;
            }
            if (part instanceof Part.Bytes) {
                parts.remove();
            }
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
        return switch (part) {
            case Part.Bytes whole -> taken(whole.bytes);
            case Part.File(FileRegion region, long count) -> taken(readFile(region, count));
        };
    }

    // The region stays the first one until it was read whole: only this thread takes parts away.
    private byte[] readFile(FileRegion region, long count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(FILE_PART, count - fileDone));
        while (bytes.hasRemaining()) {
            int got = region.channel().read(bytes, region.position() + fileDone + bytes.position());
            if (got < 0) {
                throw new IOException("a file became shorter while it was sent");
            }
        }
        fileDone += bytes.capacity();
        if (fileDone == count) {
            fileDone = 0;
            lock.lock();
            try {
                parts.remove();
            } finally {
                lock.unlock();
            }
            region.close();
        }
        return bytes.array();
    }

    /** How much of the region that is first was read. */
    private long fileDone;

    private byte[] taken(byte[] bytes) {
        boolean wake;
        lock.lock();
        try {
            waiting -= bytes.length;
            wake = full && waiting <= LOW && !ended;
            full &= waiting > LOW;
        } finally {
            lock.unlock();
        }
        if (wake) {
            roomAgain.run();
        }
        return bytes;
    }

    /** Drops what was not read; returns whether the answer was read whole. */
    boolean drop() {
        lock.lock();
        try {
            boolean whole = ended && !cut && parts.isEmpty();
            dropped = true;
            for (Part part : parts) {
                if (part instanceof Part.File(FileRegion region, long _)) {
                    region.close();
                }
            }
            parts.clear();
            return whole;
        } finally {
            lock.unlock();
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while waiting for the answer");
    }
}
