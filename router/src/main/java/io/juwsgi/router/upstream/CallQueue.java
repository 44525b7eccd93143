package io.juwsgi.router.upstream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Calls of one event loop, which owns it, that wait because every endpoint is full or none is there: the most urgent first, then
 * the one that came first.
 */
final class CallQueue {
    private record Waiting(UpstreamCall call, int urgency, long number, long deadline) {}

    private static final Comparator<Waiting> FIRST =
            Comparator.comparingInt(Waiting::urgency).thenComparingLong(Waiting::number);

    private final int room;
    private final long patience;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(FIRST);
    private long number;
    /** For other threads to read. */
    private volatile int size;

    private boolean serving;

    /**
     * Makes an empty one.
     *
     * @param room how many may wait
     * @param patience how long each may wait, in nanoseconds
     */
    CallQueue(int room, long patience) {
        this.room = room;
        this.patience = patience;
    }

    /**
     * Lets a call wait; false when there is no room.
     *
     * @param urgency 0 to 7, the lowest first (RFC 9218 section 4.1)
     * @param since when it began to wait, now or earlier
     */
    boolean add(UpstreamCall call, int urgency, long since) {
        if (waiting.size() >= room || System.nanoTime() - since > patience) {
            return false;
        }
        waiting.add(new Waiting(call, urgency, number++, since + patience));
        size = waiting.size();
        return true;
    }

    /** Returns how many wait. From any thread. */
    int size() {
        return size;
    }

    /** An endpoint may take one more: those who wait try again, until one finds that it must wait on. */
    void serve() {
        if (serving) {
            return;
        }
        serving = true;
        try {
            Waiting next;
            while ((next = waiting.poll()) != null) {
                if (!next.call().over() && !next.call().wake()) {
                    break;
                }
            }
        } finally {
            serving = false;
            size = waiting.size();
        }
    }

    /** Ends the wait of those whose time is over. */
    void expire(long now) {
        List<Waiting> late = new ArrayList<>();
        waiting.removeIf(one -> {
            boolean over = one.call().over() || now - one.deadline() > 0;
            if (over) {
                late.add(one);
            }
            return over;
        });
        size = waiting.size();
        late.forEach(one -> one.call().waitedTooLong());
    }
}
