package io.juwsgi.loadbalancer;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;

/**
 * Settings of the hash ring.
 *
 * @param maxLoad how many requests an endpoint may have under way, in per cent of its share of all; 0 for no bound
 */
@Doc("the same endpoint for the same key")
record HashSettings(
        @Default("150") @Doc("requests under way that an endpoint may have, in per cent of its share; 0: no bound")
        int maxLoad) {

    HashSettings {
        if (maxLoad != 0 && maxLoad < 101) {
            throw new IllegalArgumentException("maxLoad: " + maxLoad + " (expected: 0, or more than 100 per cent)");
        }
    }
}
