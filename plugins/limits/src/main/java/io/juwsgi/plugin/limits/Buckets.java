package io.juwsgi.plugin.limits;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Who has asked how much, in a fixed amount of memory: 16 bytes a client.
 *
 * <p>A token bucket is one number, the time at which it is full again (the generic cell rate algorithm). A client has its
 * place among the {@link #WAYS} of its row; when they are taken, the bucket that is full again first makes room: to forget it
 * gives away the least. So whoever comes with many addresses can push out those that hardly count, and no
 * memory grows. Any thread may use it: each lock guards some of the rows.
 */
final class Buckets {
    static final int WAYS = 8;
    private static final int LOCKS = 64;

    private final long[] keys;
    private final long[] fullAt;
    private final int rows;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    /** Makes room for at least {@code clients}. */
    Buckets(int clients) {
        rows = Math.max(1, Integer.highestOneBit(Math.max(1, clients / WAYS * 2 - 1)));
        keys = new long[rows * WAYS];
        fullAt = new long[rows * WAYS];
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    /**
     * Takes a token.
     *
     * @param key the client, not 0
     * @param interval how long it takes until a token comes back, in nanoseconds
     * @param capacity how long it takes until all of them are back
     * @param now as {@link System#nanoTime} has it
     * @return for how long the bucket will not be full, in nanoseconds; when there was no token, how long to wait for one,
     *     as a negative number
     */
    long take(long key, long interval, long capacity, long now) {
        int row = (int) (key >>> 32) & (rows - 1);
        ReentrantLock lock = locks[row & (LOCKS - 1)];
        lock.lock();
        try {
            int slot = slot(row * WAYS, key, now);
            long before = keys[slot] == key ? Math.max(0, fullAt[slot] - now) : 0;
            long after = before + interval;
            if (after > capacity) {
                return capacity - after;
            }
            keys[slot] = key;
            fullAt[slot] = now + after;
            return after;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the client's place, or the one that makes room. */
    private int slot(int first, long key, long now) {
        int best = first;
        long least = Long.MAX_VALUE;
        for (int i = first; i < first + WAYS; i++) {
            if (keys[i] == key) {
                return i;
            }
            long left = keys[i] == 0 ? Long.MIN_VALUE : fullAt[i] - now;
            if (left < least) {
                least = left;
                best = i;
            }
        }
        return best;
    }
}
