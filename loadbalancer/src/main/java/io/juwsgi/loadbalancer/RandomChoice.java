package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Picks by chance, in proportion to the weights. Owned by one event loop. */
final class RandomChoice implements Balancer {
    private final RandomGenerator random;
    private List<Endpoint> members = List.of();

    RandomChoice(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        long now = selection.nanoTime();
        double total = 0;
        Endpoint chosen = null;
        for (int i = 0; i < members.size(); i++) {
            Endpoint one = members.get(i);
            if (selection.allows(one)) {
                double share = one.share(now);
                total += share;
                // Each replaces the one before it with the chance that it has among all so far.
                if (random.nextDouble() * total < share) {
                    chosen = one;
                }
            }
        }
        return chosen;
    }
}
