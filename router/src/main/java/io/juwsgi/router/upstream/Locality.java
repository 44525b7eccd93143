package io.juwsgi.router.upstream;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How much of the requests stays in the gateway's own zone: all, as long as enough of the zone is well; then as much as what is well
 * can take, and the rest goes to other zones. "Enough" has a reserve: a zone of which {@link #RESERVE} times the share that is well
 * reaches the whole still takes everything, as Envoy's priority levels do. Immutable.
 *
 * @param zone the gateway's zone; empty when it has none
 */
record Locality(String zone) {

    /** So much more than its share every server can take. */
    static final double RESERVE = 1.4;

    /** Which servers a request may go to. */
    enum Scope {
        /** Those of the own zone. */
        OWN,
        /** Those of other zones. */
        OTHERS,
        /** All. */
        ANY;

        /** Returns whether this scope has a server of a zone, seen from the own one. */
        boolean has(String zone, String own) {
            return this == ANY || zone.equals(own) == (this == OWN);
        }
    }

    /** Returns where a request goes first. */
    Scope first(List<UpstreamEndpoint> all, long nanoTime, RandomGenerator random) {
        if (zone.isEmpty()) {
            return Scope.ANY;
        }
        double share = ownShare(all, nanoTime);
        if (share < 0) {
            return Scope.ANY;
        }
        return share >= 1 || random.nextDouble() < share ? Scope.OWN : Scope.OTHERS;
    }

    /** Returns the share of requests for the own zone, -1 when zones make no difference. */
    double ownShare(List<UpstreamEndpoint> all, long nanoTime) {
        double own = 0;
        double ownWell = 0;
        double others = 0;
        double othersWell = 0;
        for (UpstreamEndpoint one : all) {
            if (one.backup()) {
                continue;
            }
            double weight = one.weight();
            double well = one.available(nanoTime) && !one.draining() ? weight : 0;
            if (one.zone().equals(zone)) {
                own += weight;
                ownWell += well;
            } else {
                others += weight;
                othersWell += well;
            }
        }
        if (own == 0 || others == 0) {
            return -1;
        }
        double here = Math.min(1, RESERVE * ownWell / own);
        double there = Math.min(1 - here, RESERVE * othersWell / others);
        return here + there == 0 ? -1 : here / (here + there);
    }
}
