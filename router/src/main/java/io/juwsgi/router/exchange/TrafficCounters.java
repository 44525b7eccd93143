package io.juwsgi.router.exchange;

import io.juwsgi.spi.metric.Histogram;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** The traffic of one listener. Any thread may count and read. */
public final class TrafficCounters {
    private static final int MOST_STATUS = 599;
    private static final int UPGRADED = 101;

    final LongAdder accepted = new LongAdder();
    final LongAdder closed = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder bytesIn = new LongAdder();
    final LongAdder bytesOut = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final AtomicReferenceArray<LongAdder> statuses = new AtomicReferenceArray<>(MOST_STATUS + 1);
    private final DurationCounters durations = new DurationCounters();

    /** Counts an exchange that has ended; {@code status} is 0 when there was no response. */
    void ended(int status, long nanos) {
        requests.increment();
        adder(status >= 0 && status <= MOST_STATUS ? status : 0).increment();
        if (status != UPGRADED) {
            durations.add(nanos);
        }
    }

    private LongAdder adder(int status) {
        LongAdder adder = statuses.getAcquire(status);
        if (adder == null) {
            statuses.compareAndSet(status, null, new LongAdder());
            adder = statuses.getAcquire(status);
        }
        return adder;
    }

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

    /** Returns how many exchanges ended with each status; those without a response have 0. */
    public Map<Integer, Long> statuses() {
        Map<Integer, Long> all = new TreeMap<>();
        for (int status = 0; status <= MOST_STATUS; status++) {
            LongAdder adder = statuses.getAcquire(status);
            if (adder != null) {
                all.put(status, adder.sum());
            }
        }
        return all;
    }

    /** Returns how long exchanges took, in seconds. */
    public Histogram durations() {
        return durations.histogram();
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
