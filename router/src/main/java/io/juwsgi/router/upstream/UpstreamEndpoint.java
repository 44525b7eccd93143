package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Endpoint;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * One server of an upstream: its numbers and its health. Any event loop reads and changes them.
 */
final class UpstreamEndpoint implements Endpoint {
    /** The part of its share that an endpoint has when its slow start begins. */
    private static final double LEAST_SHARE = 0.1;

    private final EndpointAddress address;
    private final Protocol protocol;
    private final int weight;
    private final boolean backup;
    private final int modifier1;
    private final int modifier2;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final PeakEwma latency = new PeakEwma();
    private final Ejection ejection;
    private final long slowStart;
    /** When its slow start began; 0 when it has its whole share from the beginning. */
    private volatile long startNanos;

    final LongAdder requests = new LongAdder();
    final LongAdder failures = new LongAdder();

    UpstreamEndpoint(EndpointAddress address, Protocol protocol, ServerSpec spec, Ejection ejection, long slowStart) {
        this.address = address;
        this.protocol = protocol;
        this.weight = spec.weight();
        this.backup = spec.backup();
        this.modifier1 = spec.modifier1();
        this.modifier2 = spec.modifier2();
        this.ejection = ejection;
        this.slowStart = slowStart;
    }

    @Override
    public String address() {
        return address.text();
    }

    EndpointAddress where() {
        return address;
    }

    Protocol protocol() {
        return protocol;
    }

    boolean backup() {
        return backup;
    }

    int modifier1() {
        return modifier1;
    }

    int modifier2() {
        return modifier2;
    }

    @Override
    public int weight() {
        return weight;
    }

    @Override
    public double share(long nanoTime) {
        long started = startNanos;
        if (started == 0 || slowStart == 0) {
            return weight;
        }
        double done = (double) (nanoTime - started) / slowStart;
        return done >= 1 ? weight : weight * Math.max(LEAST_SHARE, done);
    }

    /** It comes, or comes back: its share grows from little. */
    void startSlowly(long nanoTime) {
        startNanos = nanoTime == 0 ? 1 : nanoTime;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    @Override
    public long latencyNanos(long nanoTime) {
        return latency.value(nanoTime);
    }

    Ejection ejection() {
        return ejection;
    }

    /** Returns whether it may get requests. */
    boolean available(long nanoTime) {
        return !ejection.resting(nanoTime);
    }

    /** A request is given to it. */
    void begin() {
        inFlight.incrementAndGet();
        requests.increment();
    }

    /** A request that it was given is over, whatever became of it. */
    void end() {
        inFlight.decrementAndGet();
    }

    /** An answer has begun. */
    void answered(long tookNanos, long nanoTime) {
        latency.add(tookNanos, nanoTime);
    }

    @Override
    public String toString() {
        return address.text();
    }
}
