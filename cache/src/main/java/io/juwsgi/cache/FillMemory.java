package io.juwsgi.cache;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory all responses take that are on their way into the store. Whoever takes more than is left has it all the
 * same, since the bytes are there, but does not store them and waits for its clients. Thread-safe; outlives reloads.
 */
final class FillMemory {
    private final AtomicLong used = new AtomicLong();
    private volatile long limit = Long.MAX_VALUE;

    /** Sets how many bytes there are. */
    void limit(long bytes) {
        limit = bytes;
    }

    /** Counts bytes that are held now; returns whether there was room for them. */
    boolean take(long bytes) {
        return used.addAndGet(bytes) <= limit;
    }

    /** Counts bytes that are held no more. */
    void give(long bytes) {
        used.addAndGet(-bytes);
    }

    boolean full() {
        return used.get() >= limit;
    }

    long used() {
        return used.get();
    }
}
