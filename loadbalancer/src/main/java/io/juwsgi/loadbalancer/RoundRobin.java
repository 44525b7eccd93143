package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes turns by weight, smoothly: of three requests for weights 2 and 1 the single one is in the middle, and not at the end
 * of a row. Each turn every endpoint earns its share, the richest is picked and pays for all. Owned by one event loop.
 */
final class RoundRobin implements Balancer {
    private Endpoint[] members = {};
    private double[] credit = {};

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        double[] kept = new double[endpoints.size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = creditOf(endpoints.get(i));
        }
        members = endpoints.toArray(Endpoint[]::new);
        credit = kept;
    }

    private double creditOf(Endpoint endpoint) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].equals(endpoint)) {
                return credit[i];
            }
        }
        return 0;
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        long now = selection.nanoTime();
        double total = 0;
        int richest = -1;
        for (int i = 0; i < members.length; i++) {
            if (selection.allows(members[i])) {
                double share = members[i].share(now);
                credit[i] += share;
                total += share;
                if (richest < 0 || credit[i] > credit[richest]) {
                    richest = i;
                }
            }
        }
        if (richest < 0) {
            return null;
        }
        credit[richest] -= total;
        return members[richest];
    }
}
