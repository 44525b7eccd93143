package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.http.RequestScope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the upstream of a request: routes that name its host first, then those that name a part of it, then those for every
 * host; among these the longest path. Immutable.
 */
final class RouteTable {
    private record Route(RequestScope scope, Upstream upstream) {}

    private final List<Route> routes = new ArrayList<>();
    private final boolean byHost;

    RouteTable(List<RouteSettings> settings, Map<String, Upstream> upstreams) {
        for (RouteSettings one : settings) {
            Upstream upstream = upstreams.get(one.upstream());
            if (upstream == null) {
                throw new IllegalArgumentException("upstream: " + one.upstream() + " (expected: one that is there)");
            }
            routes.add(new Route(new RequestScope(one.host().orElse(""), one.path()), upstream));
        }
        routes.sort(Comparator.comparing(Route::scope, RequestScope.CLOSEST_FIRST));
        byHost = routes.stream().anyMatch(route -> !route.scope().host().isEmpty());
    }

    /** Returns the upstream, or null when no route takes the request. */
    @Nullable
    Upstream find(Request request) {
        if (routes.isEmpty()) {
            return null;
        }
        String named = byHost ? request.host() : null;
        String host = named == null ? "" : RequestScope.bareHost(named);
        String path = request.path();
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).scope().has(host, path)) {
                return routes.get(i).upstream();
            }
        }
        return null;
    }
}
