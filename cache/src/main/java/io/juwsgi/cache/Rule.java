package io.juwsgi.cache;

import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.StoragePolicy;
import java.util.List;

/**
 * How the cache treats some requests. Immutable.
 *
 * @param host of the requests, without port; {@code *.example.org} for all below a name; every host when empty
 * @param path of the requests and what is below it, without a slash at its end
 * @param paths beginnings of paths that are cached; all when empty
 * @param except beginnings of paths that are not
 * @param graceSeconds for how long a stale response is good when the application cannot be reached
 * @param policy what is stored how long
 * @param normalisation what makes no difference
 */
record Rule(
        String host,
        String path,
        List<String> paths,
        List<String> except,
        long graceSeconds,
        StoragePolicy policy,
        Normalisation normalisation) {
    private static final List<String> ALL = List.of("");

    /** What is done where no rule is for a request. */
    static Rule general(CacheSettings settings) {
        return new Rule(
                "",
                "",
                settings.paths(),
                settings.except(),
                settings.grace().toSeconds(),
                settings.policy(),
                settings.normalisation());
    }

    /** Returns this with what is different for some requests. */
    Rule with(RuleSettings own) {
        String prefix =
                own.path().endsWith("/") ? own.path().substring(0, own.path().length() - 1) : own.path();
        Normalisation general = normalisation;
        return new Rule(
                own.host().orElse(""),
                prefix,
                List.of(),
                own.cache() ? List.of() : ALL,
                own.grace().map(time -> time.toSeconds()).orElse(graceSeconds),
                own.ttl().map(time -> policy.lasting(time.toSeconds())).orElse(policy),
                new Normalisation(
                        own.ignoreQuery().isEmpty() ? general.ignored() : own.ignoreQuery(),
                        own.sortQuery().orElse(general.sorted()),
                        own.varyCookies().isEmpty() ? general.cookies() : own.varyCookies()));
    }

    boolean takes(String requestedHost, String requestedPath) {
        return takesHost(requestedHost)
                && requestedPath.startsWith(path)
                && (path.isEmpty()
                        || requestedPath.length() == path.length()
                        || requestedPath.charAt(path.length()) == '/');
    }

    private boolean takesHost(String requested) {
        return host.isEmpty()
                || (host.startsWith("*.") ? requested.endsWith(host.substring(1)) : requested.equals(host));
    }

    /** Returns 0 for rules that name the host, 1 for those that name a part of it, 2 for every host. */
    int hostRank() {
        return host.isEmpty() ? 2 : host.startsWith("*.") ? 1 : 0;
    }

    /** Returns whether responses for a path are stored. */
    boolean covers(String requestedPath) {
        return (paths.isEmpty() || paths.stream().anyMatch(requestedPath::startsWith))
                && (except.isEmpty() || except.stream().noneMatch(requestedPath::startsWith));
    }
}
