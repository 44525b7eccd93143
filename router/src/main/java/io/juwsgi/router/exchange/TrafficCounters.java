package io.juwsgi.router.exchange;

import java.util.concurrent.atomic.LongAdder;

/** The traffic of one listener. Any thread may count and read. */
public final class TrafficCounters {
    final LongAdder accepted = new LongAdder();
    final LongAdder closed = new LongAdder();
    final LongAdder requests = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();

    /** Counts bytes that a client sent. */
    public void received(long bytes) {
        bytesIn.add(bytes);
    }

    /** Returns how many connections were accepted since the start. */
    public long accepted() {
        return accepted.sum();
    }

    /** Returns how many connections are open. */
    public long open() {
        return Math.max(0, accepted.sum() - closed.sum());
    }

    /** Returns how many exchanges ended. */
    public long requests() {
        return requests.sum();
    }

    /** Returns how many exchanges ended without the response that was asked for. */
    public long failures() {
        return failures.sum();
    }

    /** Returns how many bytes clients sent in ended exchanges and closed connections. */
    public long bytesIn() {
        return bytesIn.sum();
    }

    /** Returns how many bytes of responses were handed to the sockets. */
    public long bytesOut() {
        return bytesOut.sum();
    }
}
