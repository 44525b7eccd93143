package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The question for an endpoint, for one request and its repetitions. Owned by the exchange's event loop. */
final class CallSelection implements Selection {
    private final Request request;
    private final Upstream upstream;
    private final UpstreamLoop loop;
    private List<UpstreamEndpoint> failed = List.of();
    private boolean backups;
    private Standing least = Standing.WELL;
    private boolean panic;
    private boolean full;
    private long nanoTime;
    private Locality.Scope scope = Locality.Scope.ANY;
    /** Who works on the request already; null for nobody. */
    private @Nullable UpstreamEndpoint busy;

    CallSelection(Request request, Upstream upstream, UpstreamLoop loop) {
        this.request = request;
        this.upstream = upstream;
        this.loop = loop;
    }

    /** Returns who gets the request now, with a place taken for it; null when nobody can. */
    @Nullable
    UpstreamEndpoint choose() {
        UpstreamEndpoint chosen = find();
        while (chosen != null && !chosen.take(upstream.settings().maxRequests())) {
            chosen = find();
        }
        if (chosen == null && full) {
            loop.members().forEach(one -> one.fleet().ifPresent(FleetShare::turnedAway));
        }
        return chosen;
    }

    private @Nullable UpstreamEndpoint find() {
        nanoTime = System.nanoTime();
        full = false;
        panic = inPanic();
        for (Standing standing : Standing.values()) {
            least = standing;
            backups = false;
            if (anyInZone() || anyBackupAllowed()) {
                return (UpstreamEndpoint) loop.balancer().choose(this);
            }
            if (full || standing == lowest()) {
                return null;
            }
        }
        return null;
    }

    /**
     * What is known of an endpoint's health is of a moment ago. A request that would fail is given to one that may be back,
     * and to any other rather than to fail after it was lost on the way to one that was thought to be well.
     */
    private Standing lowest() {
        return failed.isEmpty() ? Standing.HOPEFUL : Standing.DOWN;
    }

    /** Returns who is well and may be asked beside the one that is slow, with a place taken; null when nobody can. */
    @Nullable
    UpstreamEndpoint chooseBeside(UpstreamEndpoint slow) {
        busy = slow;
        try {
            nanoTime = System.nanoTime();
            least = Standing.WELL;
            panic = false;
            backups = false;
            UpstreamEndpoint other =
                    anyInZone() ? (UpstreamEndpoint) loop.balancer().choose(this) : null;
            return other != null && other.take(upstream.settings().maxRequests()) ? other : null;
        } finally {
            busy = null;
        }
    }

    /** Looks in the zones of the request's turn before all others. */
    private boolean anyInZone() {
        scope = upstream.locality().first(loop.members(), nanoTime, ThreadLocalRandom.current());
        if (scope != Locality.Scope.ANY && anyAllowed()) {
            return true;
        }
        scope = Locality.Scope.ANY;
        return anyAllowed();
    }

    private boolean anyBackupAllowed() {
        backups = true;
        return anyAllowed();
    }

    /** Returns whether the last choice found nobody because all that are well have as many requests as they may. */
    boolean full() {
        return full;
    }

    /** With most of them ill the checks are more likely wrong than the servers; then all get requests. */
    private boolean inPanic() {
        int least = upstream.settings().panic();
        if (least == 0) {
            return false;
        }
        List<UpstreamEndpoint> all = loop.members();
        int well = 0;
        for (UpstreamEndpoint one : all) {
            well += one.available(nanoTime) ? 1 : 0;
        }
        return well * 100 < least * all.size();
    }

    private boolean anyAllowed() {
        for (UpstreamEndpoint one : loop.members()) {
            if (allows(one)) {
                return true;
            }
        }
        return false;
    }

    /** Those that have failed this request may be asked again: it has waited. */
    void forgive() {
        failed = List.of();
    }

    /** An endpoint has failed this request, and is not asked again. */
    void failed(UpstreamEndpoint endpoint) {
        if (failed.isEmpty()) {
            failed = new ArrayList<>(2);
        }
        failed.add(endpoint);
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public boolean allows(Endpoint endpoint) {
        UpstreamEndpoint one = (UpstreamEndpoint) endpoint;
        boolean wellEnough = panic || one.standing(nanoTime).compareTo(least) <= 0;
        boolean elsewhere =
                one == busy || !scope.has(one.zone(), upstream.locality().zone());
        if (elsewhere || one.draining() || one.backup() != backups || !wellEnough || failed.contains(one)) {
            return false;
        }
        boolean room = one.hasRoom(upstream.settings().maxRequests());
        full |= !room;
        return room;
    }

    @Override
    public long key() {
        return upstream.hashKey().of(request);
    }

    @Override
    public long nanoTime() {
        return nanoTime;
    }
}
