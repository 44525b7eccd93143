package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The choice among one: for servers that routes name themselves. Owned by one event loop. */
final class SoleServer implements Balancer {
    private List<Endpoint> endpoints = List.of();

    @Override
    public void endpoints(List<Endpoint> members) {
        endpoints = members;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        for (Endpoint one : endpoints) {
            if (selection.allows(one)) {
                return one;
            }
        }
        return null;
    }
}
