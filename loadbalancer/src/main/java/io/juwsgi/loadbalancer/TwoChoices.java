package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws two endpoints and picks the one whose answer is to be expected sooner: its latency of late ("peak EWMA") times the
 * requests it has. Adapts to endpoints of different speed without a queue forming before the one that looked best a moment
 * ago. Owned by one event loop.
 */
final class TwoChoices implements Balancer {
    /** So often two are drawn of which one is allowed, before all are looked at. */
    private static final int DRAWS = 4;

    /** What an endpoint without an answer yet is taken for, in nanoseconds: quick, so that it is tried, but not free. */
    private static final long UNKNOWN = 1_000_000;

    private final RandomGenerator random;
    private Endpoint[] members = {};

    TwoChoices(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints.toArray(Endpoint[]::new);
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        int count = members.length;
        if (count < 3) {
            return bestOfAll(selection);
        }
        for (int i = 0; i < DRAWS; i++) {
            int first = random.nextInt(count);
            int second = random.nextInt(count - 1);
            Endpoint one = members[first];
            Endpoint other = members[second < first ? second : second + 1];
            if (selection.allows(one) && selection.allows(other)) {
                return better(one, other, selection);
            }
        }
        return bestOfAll(selection);
    }

    private @Nullable Endpoint bestOfAll(Selection selection) {
        Endpoint best = null;
        for (Endpoint one : members) {
            if (selection.allows(one)) {
                best = best == null ? one : better(best, one, selection);
            }
        }
        return best;
    }

    private Endpoint better(Endpoint one, Endpoint other, Selection selection) {
        double left = cost(one, selection.nanoTime());
        double right = cost(other, selection.nanoTime());
        if (left == right) {
            return random.nextBoolean() ? one : other;
        }
        return left < right ? one : other;
    }

    private static double cost(Endpoint endpoint, long now) {
        long latency = endpoint.latencyNanos(now);
        return (double) (latency == 0 ? UNKNOWN : latency) * (endpoint.inFlight() + 1) / endpoint.share(now);
    }
}
