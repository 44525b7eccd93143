package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The question for an endpoint, for one request and its repetitions. Owned by the exchange's event loop. */
final class CallSelection implements Selection {
    private final Request request;
    private final Upstream upstream;
    private List<UpstreamEndpoint> failed = List.of();
    private boolean backups;
    private long nanoTime;

    CallSelection(Request request, Upstream upstream) {
        this.request = request;
        this.upstream = upstream;
    }

    /** Returns who gets the request now, or null when nobody can. */
    @Nullable
    UpstreamEndpoint choose(Balancer balancer) {
        nanoTime = System.nanoTime();
        backups = false;
        if (!anyAllowed()) {
            backups = true;
            if (!anyAllowed()) {
                return null;
            }
        }
        return (UpstreamEndpoint) balancer.choose(this);
    }

    private boolean anyAllowed() {
        for (UpstreamEndpoint one : upstream.endpoints()) {
            if (allows(one)) {
                return true;
            }
        }
        return false;
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
        return one.backup() == backups && one.available(nanoTime) && !failed.contains(one);
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
