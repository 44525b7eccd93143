package io.juwsgi.plugin.redis;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.time.Duration;

/**
 * How a gateway looks for servers in Redis; where that is, the options {@code redis-...} say.
 *
 * @param interval how often it looks
 * @param hold how long servers stay that nobody can say anything of
 */
@Doc("find servers that have registered in Redis")
record DiscoverSettings(
        @Default("1s") @Doc("how often Redis is asked") Duration interval,

        @Default("15s") @Doc("how long servers stay after Redis was down, or has nobody at once")
        Duration hold) {

    DiscoverSettings {
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException("interval: " + interval.toMillis() + "ms (expected: at least 10ms)");
        }
    }
}
