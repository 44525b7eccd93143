package io.juwsgi.router;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;

/** Takes turns, beginning with the first endpoint. */
final class InTurn implements Balancer {
    private List<Endpoint> endpoints = List.of();
    private int next;

    @Override
    public void endpoints(List<Endpoint> members) {
        endpoints = members;
    }

    @Override
    public Endpoint choose(Selection selection) {
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint one = endpoints.get((next + i) % endpoints.size());
            if (selection.allows(one)) {
                next = (next + i + 1) % endpoints.size();
                return one;
            }
        }
        return null;
    }
}
