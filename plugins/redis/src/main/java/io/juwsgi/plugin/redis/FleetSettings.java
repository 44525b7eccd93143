package io.juwsgi.plugin.redis;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.time.Duration;

/**
 * How gateways share limits in Redis; where that is, the options {@code redis-...} say.
 *
 * @param interval how often a gateway claims its share of each endpoint
 * @param ttl after what time a gateway that claims no more has lost its shares
 */
@Doc("share the limits of upstreams among gateways in Redis")
record FleetSettings(
        @Default("100ms") @Doc("how often a gateway claims its share of each endpoint")
        Duration interval,

        @Default("3s") @Doc("after what time the shares of a gateway that has died are given to others")
        Duration ttl) {

    FleetSettings {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("interval: " + interval.toMillis() + "ms (expected: at least 10ms)");
        }
        if (ttl.toMillis() < interval.toMillis() * 3 || ttl.toMillis() < 1000) {
            throw new IllegalArgumentException(
                    "ttl: " + ttl.toMillis() + "ms (expected: at least 1s, and 3 times the interval)");
        }
    }
}
