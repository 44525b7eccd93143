package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Endpoint;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final String zone;
    private final int modifier1;
    private final int modifier2;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final PeakEwma latency = new PeakEwma();
    private final LatencyHistogram histogram = new LatencyHistogram();
    private final RecentAnswers recent = new RecentAnswers(System.nanoTime());
    private final Reasons failureReasons = new Reasons();
    private final Ejection ejection;
    private final long slowStart;
    private final Optional<EndpointTls> tls;
    private final Optional<AdaptiveLimit> limit;
    private final Optional<FleetShare> fleet;
    /** When its slow start began; 0 when it has its whole share from the beginning. */
    private volatile long startNanos;
    /** Whether checks found it ill. */
    private volatile boolean down;
    /** What the last check said that was not good. */
    private volatile String illness = "";
    /** Whether the last check found it well, although it is down. */
    private volatile boolean recovering;

    private volatile boolean draining;
    private volatile String lastComplaint = "";

    final LongAdder requests = new LongAdder();
    final LongAdder failures = new LongAdder();
    /** Requests that went on to another endpoint after this one failed them. */
    final LongAdder retries = new LongAdder();
    /** Requests that it was asked because another endpoint was slow. */
    final LongAdder hedges = new LongAdder();

    UpstreamEndpoint(
            EndpointAddress address,
            Protocol protocol,
            ServerSpec spec,
            Optional<EndpointTls> tls,
            Optional<AdaptiveLimit> limit,
            Optional<FleetShare> fleet,
            Ejection ejection,
            long slowStart) {
        this.tls = tls;
        this.limit = limit;
        this.fleet = fleet;
        this.address = address;
        this.protocol = protocol;
        this.weight = spec.weight();
        this.backup = spec.backup();
        this.zone = spec.zone();
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

    /** Returns how connections to it are encrypted; empty when they are not. */
    Optional<EndpointTls> tls() {
        return tls;
    }

    boolean backup() {
        return backup;
    }

    /** Returns the zone that it is in; empty when nobody says. */
    String zone() {
        return zone;
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

    /** Returns what it did of late. */
    RecentAnswers recent() {
        return recent;
    }

    /** Returns whether something is another complaint than the last one about this endpoint. */
    boolean news(String complaint) {
        boolean news = !complaint.equals(lastComplaint);
        lastComplaint = complaint;
        return news;
    }

    /** Returns whether it gets no new requests because an operator says so. */
    boolean draining() {
        return draining;
    }

    void draining(boolean on) {
        draining = on;
    }

    /** Returns whether checks found it ill. */
    boolean down() {
        return down;
    }

    void down(boolean ill) {
        down = ill;
        recovering = false;
    }

    /** Checks find it ill, and say why. */
    void down(String why) {
        illness = why;
        down(true);
    }

    /** Its last check was good, or bad, and did not decide yet. */
    void recovering(boolean good) {
        recovering = good;
    }

    /** Returns whether it is well, as far as is known. */
    boolean available(long nanoTime) {
        return !down && !ejection.resting(nanoTime);
    }

    /** Returns how well it is, as far as is known. */
    Standing standing(long nanoTime) {
        if (available(nanoTime)) {
            return Standing.WELL;
        }
        return !down || recovering ? Standing.HOPEFUL : Standing.DOWN;
    }

    /** Returns its numbers. */
    UpstreamStats.EndpointStats stats(long nanoTime) {
        boolean resting = ejection.resting(nanoTime);
        String state = draining ? "draining" : down ? "down" : resting ? "resting" : "up";
        String rest = ejection.last().map(Ejection.Rest::reason).orElse("");
        return new UpstreamStats.EndpointStats(
                address.text(),
                state,
                down ? illness : resting ? rest : "",
                weight,
                backup,
                zone,
                inFlight.get(),
                fleet.map(one -> OptionalInt.of(one.share())).orElse(OptionalInt.empty()),
                requests.sum(),
                failures.sum(),
                failureReasons.counts(),
                retries.sum(),
                hedges.sum(),
                ejection.total(),
                ejection.reasons(),
                ejection.last()
                        .map(last -> new UpstreamStats.LastEjection(
                                last.reason(), last.atMillis() / 1000, last.nanos() / 1_000_000)),
                histogram.micros(0.5),
                histogram.micros(0.99),
                histogram.histogram(UpstreamStats.BOUNDS));
    }

    /**
     * Takes the place of one more request, or says that there is none: another event loop may have been quicker.
     *
     * @param configured how many it may have under way at most, 0 for no limit
     */
    boolean take(int configured) {
        if (fleet.isPresent() && !fleet.get().take()) {
            return false;
        }
        int most = limit(configured);
        int before = inFlight.get();
        while (most == 0 || before < most) {
            if (inFlight.compareAndSet(before, before + 1)) {
                return true;
            }
            before = inFlight.get();
        }
        fleet.ifPresent(FleetShare::end);
        return false;
    }

    /** A request is given to it, whose place was taken. */
    void begin() {
        requests.increment();
    }

    /** A place is free again: the request is over, whatever became of it. */
    void end() {
        inFlight.decrementAndGet();
        fleet.ifPresent(FleetShare::end);
    }

    /** Returns whether it may have one more request under way. */
    boolean hasRoom(int configured) {
        int most = limit(configured);
        return (most == 0 || inFlight() < most)
                && (fleet.isEmpty() || fleet.get().hasRoom());
    }

    /** Returns this gateway's share of its limit; empty when gateways share no limit. */
    Optional<FleetShare> fleet() {
        return fleet;
    }

    private int limit(int configured) {
        return limit.isPresent() ? limit.get().value() : configured;
    }

    /** An answer that was as it should be has begun. */
    void succeeded(long tookNanos) {
        recent.succeeded(tookNanos);
    }

    /** A request failed. */
    void failed(String why) {
        failures.increment();
        failureReasons.count(why);
        recent.failed();
        limit.ifPresent(AdaptiveLimit::failed);
    }

    /** A request was answered by another endpoint, so long after this one had got it: its own latency is no less. */
    void outrun(long sinceNanos, long nanoTime) {
        if (sinceNanos > latency.value(nanoTime)) {
            latency.add(sinceNanos, nanoTime);
        }
    }

    /** An answer has begun. */
    void answered(long tookNanos, long nanoTime) {
        latency.add(tookNanos, nanoTime);
        limit.ifPresent(learning -> learning.answered(tookNanos, inFlight()));
        histogram.add(tookNanos);
    }

    @Override
    public String toString() {
        return address.text();
    }
}
