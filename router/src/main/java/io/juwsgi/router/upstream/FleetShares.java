package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.FleetLimits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * This gateway's shares of the limits of one upstream's endpoints. They are claimed once in each interval, and once more in between
 * when a request was turned away or a share has shrunk: at most two claims an endpoint and interval. Any thread may use it.
 */
final class FleetShares implements AutoCloseable {
    private final String upstream;
    private final int most;
    private final FleetLimits limits;
    private final IntSupplier waiting;
    private final Runnable grown;
    private final ScheduledExecutorService timer;
    private final Map<String, FleetShare> shares = new ConcurrentHashMap<>();
    private @Nullable ScheduledFuture<?> ticking;
    private volatile boolean closed;

    /**
     * Makes one without endpoints, which asks nobody.
     *
     * @param upstream the upstream's name, by which gateways share
     * @param most the limit of each endpoint
     * @param waiting says how many requests wait for room
     * @param grown called when there may be room for them; must not block
     * @param timer an event loop
     */
    FleetShares(
            String upstream,
            int most,
            FleetLimits limits,
            IntSupplier waiting,
            Runnable grown,
            ScheduledExecutorService timer) {
        this.upstream = upstream;
        this.most = most;
        this.limits = limits;
        this.waiting = waiting;
        this.grown = grown;
        this.timer = timer;
    }

    /** Returns the share of an address, the same for all endpoints that have it. */
    FleetShare of(String address) {
        return shares.computeIfAbsent(address, one -> new FleetShare(one, () -> lacking(one)));
    }

    /** Says whose limits are shared from now on. What others have left is kept until its requests are over. */
    synchronized void members(List<UpstreamEndpoint> members) {
        Set<String> addresses = members.stream().map(UpstreamEndpoint::address).collect(Collectors.toSet());
        members.forEach(one -> one.fleet().ifPresent(share -> shares.put(one.address(), share)));
        shares.values().forEach(share -> share.member(addresses.contains(share.address())));
        if (ticking == null && !closed && !members.isEmpty()) {
            long nanos = limits.interval().toNanos();
            ticking = timer.scheduleAtFixedRate(this::tick, 0, nanos, TimeUnit.NANOSECONDS);
        }
    }

    private void tick() {
        forgetThoseThatLeft();
        for (FleetShare share : shares.values()) {
            if (share.ask()) {
                claim(share);
            }
        }
    }

    private synchronized void forgetThoseThatLeft() {
        shares.values().removeIf(share -> {
            boolean over = !share.member() && share.idle() && share.ask();
            if (over) {
                share.forget();
                var _ = limits.release(upstream, share.address());
            }
            return over;
        });
    }

    private void lacking(String address) {
        FleetShare share = shares.get(address);
        if (share != null && share.askInBetween()) {
            claim(share);
        }
    }

    private void claim(FleetShare share) {
        limits.claim(share.claim(upstream, most, waiting.getAsInt())).whenComplete((now, thrown) -> {
            if (now == null) {
                share.asked();
                serveWhen(share.alone(most));
            } else {
                given(share, now);
            }
        });
    }

    private void given(FleetShare share, int now) {
        int more = share.given(Math.clamp(now, 0, most));
        share.asked();
        serveWhen(more > 0);
        // What is let go others can have as soon as they know.
        if (more < 0 && share.askInBetween()) {
            claim(share);
        }
    }

    private void serveWhen(boolean more) {
        if (more && !closed && waiting.getAsInt() > 0) {
            grown.run();
        }
    }

    /** Gives all shares back. */
    @Override
    public synchronized void close() {
        closed = true;
        if (ticking != null) {
            ticking.cancel(false);
        }
        shares.keySet().forEach(address -> {
            var _ = limits.release(upstream, address);
        });
        shares.clear();
    }
}
