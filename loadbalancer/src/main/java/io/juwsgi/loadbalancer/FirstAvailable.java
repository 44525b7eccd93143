package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Picks the first in the order of the configuration that is well and has room: the others are idle until it fails or has
 * all the requests that it may have. Owned by one event loop.
 */
final class FirstAvailable implements Balancer {
    private List<Endpoint> members = List.of();

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        for (int i = 0; i < members.size(); i++) {
            if (selection.allows(members.get(i))) {
                return members.get(i);
            }
        }
        return null;
    }
}
