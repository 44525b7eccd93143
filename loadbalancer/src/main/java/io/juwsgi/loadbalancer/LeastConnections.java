package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Picks the endpoint with the fewest requests under way, in proportion to its weight if that counts; among equals one by
 * chance, so that several gateways do not all begin with the same. Owned by one event loop.
 */
final class LeastConnections implements Balancer {
    private final RandomGenerator random;
    private final boolean weighted;
    private List<Endpoint> members = List.of();

    LeastConnections(RandomGenerator random, boolean weighted) {
        this.random = random;
        this.weighted = weighted;
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        long now = selection.nanoTime();
        Endpoint best = null;
        double least = 0;
        int equals = 0;
        for (int i = 0; i < members.size(); i++) {
            Endpoint one = members.get(i);
            if (!selection.allows(one)) {
                continue;
            }
            // As if it had the request already: so an idle endpoint of twice the weight comes first.
            double load = (one.inFlight() + 1) / (weighted ? one.share(now) : 1);
            if (best == null || load < least) {
                best = one;
                least = load;
                equals = 1;
            } else if (load == least && random.nextInt(++equals) == 0) {
                best = one;
            }
        }
        return best;
    }
}
