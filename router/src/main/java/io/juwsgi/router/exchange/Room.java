package io.juwsgi.router.exchange;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether there is room for one more buffer on the way to a client: a thread that writes waits for it, the event loop tells of it.
 * Thread-safe; at first there is room.
 */
public final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean free = true;
    private boolean gone;

    /** Makes room for one buffer. */
    public Room() {}

    /** Says that there is room again. */
    public void again() {
        lock.lock();
        try {
            free = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing reaches the client any more. */
    public void clientGone() {
        lock.lock();
        try {
            gone = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether nothing reaches the client any more. */
    public boolean isClientGone() {
        lock.lock();
        try {
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the room, and takes it.
     *
     * @throws IOException when the client is gone, or the thread is interrupted
     */
    public void take() throws IOException {
        lock.lock();
        try {
            while (!free && !gone) {
                changed.await();
            }
            if (gone) {
                throw new IOException("the client is gone");
            }
            free = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the client");
        } finally {
            lock.unlock();
        }
    }
}
