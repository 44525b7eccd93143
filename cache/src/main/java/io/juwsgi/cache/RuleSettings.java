package io.juwsgi.cache;

import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.spi.http.RequestScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is different for some requests; what is not set is as for all.
 *
 * @param path the path, with everything below it
 * @param host the Host, without port; {@code *.example.org} for all below a name; every host when empty
 * @param cache whether their responses are stored and answered from
 * @param ttl for how long a response that may be stored is fresh, whatever it says
 * @param grace for how long a stale response is good when the application cannot be reached
 * @param ignoreQuery query parameters that make no difference
 * @param sortQuery whether the order of query parameters makes none
 * @param varyCookies the cookies that count where a response varies by Cookie
 */
@Doc("what the HTTP cache does otherwise for some requests")
record RuleSettings(
        @Default("/") String path,
        Optional<String> host,
        @Default("true") boolean cache,
        Optional<Duration> ttl,
        Optional<Duration> grace,
        List<String> ignoreQuery,
        Optional<Boolean> sortQuery,
        List<String> varyCookies) {

    RuleSettings {
        var _ = new RequestScope(host.orElse(""), path);
        ttl.filter(Duration::isNegative).ifPresent(time -> {
            throw new IllegalArgumentException("ttl: " + time + " (expected: 0 or more)");
        });
    }
}
