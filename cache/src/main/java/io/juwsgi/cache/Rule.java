package io.juwsgi.cache;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.StoragePolicy;
import io.juwsgi.spi.http.RequestScope;
import java.util.List;

/**
 * How the cache treats some requests. Immutable.
 *
 * @param scope which requests
 * @param paths beginnings of paths that are cached; all when empty
 * @param except beginnings of paths that are not
 * @param graceSeconds for how long a stale response is good when the application cannot be reached
 * @param policy what is stored how long
 * @param normalisation what makes no difference
 */
record Rule(
        RequestScope scope,
        List<String> paths,
        List<String> except,
        long graceSeconds,
        StoragePolicy policy,
        Normalisation normalisation) {
    private static final List<String> ALL = List.of("");

    /** What is done where no rule is for a request. */
    static Rule general(CacheSettings settings) {
        return new Rule(
                new RequestScope("", ""),
                settings.paths(),
                settings.except(),
                settings.grace().toSeconds(),
                settings.policy(),
                settings.normalisation());
    }

    /** Returns this with what is different for some requests. */
    Rule with(RuleSettings own) {
        Normalisation general = normalisation;
        return new Rule(
                new RequestScope(own.host().orElse(""), own.path()),
                List.of(),
                own.cache() ? List.of() : ALL,
                own.grace().map(time -> time.toSeconds()).orElse(graceSeconds),
                own.ttl().map(time -> policy.lasting(time.toSeconds())).orElse(policy),
                new Normalisation(
                        own.ignoreQuery().isEmpty() ? general.ignored() : own.ignoreQuery(),
                        own.sortQuery().orElse(general.sorted()),
                        own.varyCookies().isEmpty() ? general.cookies() : own.varyCookies()));
    }

    /** Returns whether responses for a path are stored. */
    boolean covers(String requestedPath) {
        return (paths.isEmpty() || paths.stream().anyMatch(requestedPath::startsWith))
                && (except.isEmpty() || except.stream().noneMatch(requestedPath::startsWith));
    }
}
