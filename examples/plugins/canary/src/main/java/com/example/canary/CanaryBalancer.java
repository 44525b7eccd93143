package com.example.canary;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sends a client to the members that are tried, or to the others, by the hash of its key; among them to whoever has least to
 * do for its weight. Where nobody of the one kind can take a request the other kind does. Owned by one event loop.
 */
final class CanaryBalancer implements Balancer {
    private final Set<String> tried;
    private final int percent;
    private List<Endpoint> endpoints = List.of();

    CanaryBalancer(Set<String> tried, int percent) {
        this.tried = tried;
        this.percent = percent;
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        boolean toTried = Long.remainderUnsigned(selection.key(), 100) < percent;
        Endpoint best = least(selection, toTried);
        return best != null ? best : least(selection, !toTried);
    }

    private @Nullable Endpoint least(Selection selection, boolean ofTried) {
        Endpoint best = null;
        double bestLoad = 0;
        for (Endpoint endpoint : endpoints) {
            if (tried.contains(endpoint.address()) == ofTried && selection.allows(endpoint)) {
                double load = (endpoint.inFlight() + 1) / endpoint.share(selection.nanoTime());
                if (best == null || load < bestLoad) {
                    best = endpoint;
                    bestLoad = load;
                }
            }
        }
        return best;
    }
}
