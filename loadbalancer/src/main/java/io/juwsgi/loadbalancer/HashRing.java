package io.juwsgi.loadbalancer;

import io.juwsgi.spi.balance.Balancer;
import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The same endpoint for the same key, by a ring on which each endpoint has points in proportion to its weight: when one comes
 * or goes, only its own keys move. With bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016): an endpoint that has more than
 * its share of the requests under way passes further ones on to the next on the ring. Owned by one event loop.
 */
final class HashRing implements Balancer {
    private static final int POINTS = 160;
    private static final int MOST_POINTS = 1 << 16;

    private final double maxLoad;
    private final ToLongFunction<Selection> keys;
    private Endpoint[] members = {};
    private long[] points = {};
    private int[] owners = {};

    /**
     * Makes one.
     *
     * @param maxLoad how much of its share of the requests under way an endpoint may have, such as 1.5; 0 for no bound
     * @param keys makes the key's hash
     */
    HashRing(double maxLoad, ToLongFunction<Selection> keys) {
        this.maxLoad = maxLoad;
        this.keys = keys;
    }

    @Override
    public void endpoints(List<Endpoint> endpoints) {
        members = endpoints.toArray(Endpoint[]::new);
        long weights = Arrays.stream(members).mapToLong(Endpoint::weight).sum();
        long perWeight = weights == 0 ? 0 : Math.max(1, Math.min(POINTS, MOST_POINTS / weights));
        record Point(long hash, int owner) {}
        Point[] all = new Point[(int) (weights * perWeight)];
        int count = 0;
        for (int i = 0; i < members.length; i++) {
            for (long j = 0; j < perWeight * members[i].weight(); j++) {
                all[count++] = new Point(Hashes.of(members[i].address(), j), i);
            }
        }
        Arrays.sort(all, (a, b) -> Long.compare(a.hash(), b.hash()));
        points = Arrays.stream(all).mapToLong(Point::hash).toArray();
        owners = Arrays.stream(all).mapToInt(Point::owner).toArray();
    }

    @Override
    public @Nullable Endpoint choose(Selection selection) {
        if (points.length == 0) {
            return null;
        }
        int at = Arrays.binarySearch(points, keys.applyAsLong(selection));
        at = at < 0 ? -at - 1 : at;
        double perShare = maxLoad == 0 ? Double.MAX_VALUE : bound(selection);
        Endpoint first = null;
        for (int i = 0; i < points.length; i++) {
            Endpoint one = members[owners[(at + i) % points.length]];
            if (selection.allows(one)) {
                first = first == null ? one : first;
                if (one.inFlight() < Math.ceil(perShare * one.share(selection.nanoTime()))) {
                    return one;
                }
            }
        }
        return first;
    }

    /** Returns how many requests under way one unit of share may have, the new one counted. */
    private double bound(Selection selection) {
        long underWay = 1;
        double shares = 0;
        for (Endpoint one : members) {
            if (selection.allows(one)) {
                underWay += one.inFlight();
                shares += one.share(selection.nanoTime());
            }
        }
        return shares == 0 ? Double.MAX_VALUE : maxLoad * underWay / shares;
    }
}
