package io.juwsgi.plugin.limits;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import java.util.Optional;

/**
 * A limit for all paths, and what goes for every limit.
 *
 * @param rate how often, as {@link Rate} reads it; empty for no such limit
 * @param burst how many at once, 0 for as many as the rate names
 * @param by whom it counts, as {@link Subject} reads it
 * @param headers whether responses tell of the limit
 * @param clients how many clients each limit remembers
 */
@Doc("answer 429 to clients that ask too often")
record RateLimitSettings(
        @Doc("how often a client may ask, such as 10/s, 100/m or 1000/h")
        Optional<String> rate,

        @Default("0") @Doc("how many requests it may send at once; 0: as many as the rate names")
        int burst,

        @Default("address") @Doc("who is a client: address (of IPv6 the /64), header:NAME, or all")
        String by,

        @Default("true") @Doc("tell of the limit in the RateLimit and RateLimit-Policy fields of responses")
        boolean headers,

        @Default("65536") @Doc("how many clients each limit remembers; of more, those that asked least are forgotten")
        int clients) {

    RateLimitSettings {
        rate.ifPresent(text -> Rate.parse("rate", text));
        Checks.burst(burst);
        var _ = Subject.parse(by);
        if (clients < Buckets.WAYS || clients > 16_777_216) {
            throw new IllegalArgumentException("clients: " + clients + " (expected: " + Buckets.WAYS + " to 16777216)");
        }
    }
}
