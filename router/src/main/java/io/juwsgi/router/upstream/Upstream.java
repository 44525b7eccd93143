package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Handler;
import io.netty.channel.EventLoop;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A group of endpoints as a handler of exchanges. Any event loop of the router calls it. */
final class Upstream implements Handler {
    private static final System.Logger LOG = System.getLogger(Upstream.class.getName());

    private final String name;
    private final UpstreamSettings settings;
    private final HashKey hashKey;
    private final List<UpstreamLoop> loops;
    private final UpstreamTls tls;
    private final RetryBudget retryBudget;
    private final HedgeDelay hedgeDelay;
    private final Locality locality;
    private final Outliers outliers;
    /** One for all endpoints: they are asked about one after the other by it. */
    private final BooleanSupplier mayRest = this::oneMoreMayRest;

    private final @Nullable HealthCheck check;
    private final Optional<FleetShares> fleet;
    private final Map<UpstreamEndpoint, HealthMonitor> monitors = new HashMap<>();
    private volatile List<UpstreamEndpoint> endpoints = List.of();
    private volatile @Nullable Upstream fallback;

    /**
     * Makes one without members.
     *
     * @param locality which zone is preferred
     * @param check asks endpoints whether they are well; null for no checks
     * @param fleet divides the limits of endpoints among gateways; null when each has them for itself
     */
    Upstream(
            String name,
            UpstreamSettings settings,
            Locality locality,
            BalancerFactory balancers,
            @Nullable HealthCheck check,
            @Nullable FleetLimits fleet,
            UpstreamTls tls,
            List<EventLoop> eventLoops) {
        this.tls = tls;
        this.name = name;
        this.settings = settings;
        this.check = check;
        this.locality = locality;
        this.outliers = new Outliers(settings.ejectErrors(), settings.ejectSlow());
        this.hedgeDelay = HedgeDelay.parse(settings.hedge(), System.nanoTime());
        this.retryBudget = new RetryBudget(settings.retryBudget());
        this.hashKey = HashKey.parse(settings.hashKey());
        this.loops = eventLoops.stream()
                .map(loop -> new UpstreamLoop(
                        this,
                        loop,
                        balancers.create(RandomGenerator.of("Xoroshiro128PlusPlus")),
                        loop.equals(eventLoops.getFirst())))
                .toList();
        this.fleet = Optional.ofNullable(fleet)
                .map(limits -> new FleetShares(
                        name, settings.maxRequests(), limits, this::waiting, this::serve, eventLoops.getFirst()));
    }

    String name() {
        return name;
    }

    UpstreamSettings settings() {
        return settings;
    }

    /** Says which upstream is asked when nobody here takes a request. */
    void fallback(Upstream other) {
        fallback = other;
    }

    /** Returns which upstream is asked when nobody here takes a request; null for none. */
    @Nullable
    Upstream fallback() {
        return fallback;
    }

    HashKey hashKey() {
        return hashKey;
    }

    List<UpstreamEndpoint> endpoints() {
        return endpoints;
    }

    /** Says who is there from now on. From any thread. */
    void endpoints(List<UpstreamEndpoint> members) {
        endpoints = List.copyOf(members);
        watch(members);
        fleet.ifPresent(shares -> shares.members(members));
        loops.forEach(loop -> loop.eventLoop().execute(loop::membersChanged));
    }

    private synchronized void watch(List<UpstreamEndpoint> members) {
        HealthCheck asking = check;
        if (asking == null) {
            return;
        }
        monitors.entrySet().removeIf(entry -> {
            boolean left = !members.contains(entry.getKey());
            if (left) {
                entry.getValue().close();
            }
            return left;
        });
        members.forEach(one -> monitors.computeIfAbsent(one, e -> HealthMonitor.start(this, e, asking)));
    }

    RetryBudget retryBudget() {
        return retryBudget;
    }

    HedgeDelay hedgeDelay() {
        return hedgeDelay;
    }

    Locality locality() {
        return locality;
    }

    /** Returns its numbers. From any thread. */
    UpstreamStats stats() {
        long now = System.nanoTime();
        return new UpstreamStats(
                name,
                settings.balance(),
                waiting(),
                endpoints.stream().map(one -> one.stats(now)).toList());
    }

    /** Returns how many requests wait for an endpoint. */
    private int waiting() {
        int all = 0;
        for (UpstreamLoop loop : loops) {
            all += loop.queue().size();
        }
        return all;
    }

    /** There may be room for requests that wait. */
    private void serve() {
        loops.forEach(loop -> loop.eventLoop().execute(loop.queue()::serve));
    }

    /**
     * Makes an endpoint that is well.
     *
     * @param spec what is said of this member
     * @param server the entry of the configuration that it comes from
     */
    UpstreamEndpoint endpoint(EndpointAddress address, ServerSpec spec, ServerSpec server) {
        Ejection ejection =
                new Ejection(settings.maxFails(), settings.ejectTime().toNanos(), mayRest);
        return new UpstreamEndpoint(
                address,
                spec.protocol().orElse(settings.protocol()),
                spec,
                tls.of(server, address),
                settings.adaptive() ? Optional.of(new AdaptiveLimit(settings.maxRequests())) : Optional.empty(),
                fleet.map(shares -> shares.of(address.text())),
                ejection,
                settings.slowStart().toNanos());
    }

    private boolean oneMoreMayRest() {
        long now = System.nanoTime();
        List<UpstreamEndpoint> all = endpoints;
        // Those that checks found ill count too: what is left must not all rest.
        long away = all.stream().filter(one -> !one.available(now)).count();
        return (away + 1) * 100 <= (long) all.size() * settings.ejectShare();
    }

    @Override
    public void handle(Exchange exchange) {
        new UpstreamCall(exchange, this, loop(exchange.eventLoop())).begin();
    }

    @SuppressWarnings("ReferenceEquality") // The same event loop is the same object.
    UpstreamLoop loop(Executor eventLoop) {
        for (UpstreamLoop loop : loops) {
            if (loop.eventLoop() == eventLoop) {
                return loop;
            }
        }
        throw new IllegalStateException("event loop: " + eventLoop + " (expected: one of the router's)");
    }

    /** An endpoint answered as it should, so long after the request was sent. */
    void succeeded(UpstreamEndpoint endpoint, long tookNanos) {
        long now = System.nanoTime();
        endpoint.succeeded(tookNanos);
        if (endpoint.ejection().succeeded(now)) {
            endpoint.recent().clear();
            endpoint.startSlowly(now);
            LOG.log(Level.INFO, "upstream={0} endpoint={1} answers again", name, endpoint.address());
        }
    }

    /** An endpoint did not do what it should. */
    void failed(UpstreamEndpoint endpoint, String why) {
        endpoint.failed(why);
        endpoint.ejection()
                .failed(System.nanoTime(), why)
                .ifPresent(
                        rest -> rests(endpoint, rest, settings.maxFails() + " times in a row, the last time " + why));
    }

    /** Looks whether an endpoint does worse than the others; called about once a second, on one event loop. */
    void lookAround(long nanoTime) {
        for (Outliers.Outlier one : outliers.find(endpoints, nanoTime)) {
            one.endpoint()
                    .ejection()
                    .rest(nanoTime, one.reason())
                    .ifPresent(rest -> rests(one.endpoint(), rest, one.reason() + ", " + one.detail()));
        }
    }

    private void rests(UpstreamEndpoint endpoint, Ejection.Rest rest, String why) {
        // What it rests for is not held against it a second time.
        endpoint.recent().clear();
        LOG.log(
                Level.WARNING,
                "upstream={0} endpoint={1} rests for {2} ms: {3}",
                name,
                endpoint.address(),
                String.valueOf(TimeUnit.NANOSECONDS.toMillis(rest.nanos())),
                why);
    }

    /** Forgets its members and closes idle connections. From any thread. */
    @Override
    public void close() {
        endpoints(List.of());
        fleet.ifPresent(FleetShares::close);
        loops.forEach(loop -> loop.eventLoop().execute(loop::close));
    }
}
