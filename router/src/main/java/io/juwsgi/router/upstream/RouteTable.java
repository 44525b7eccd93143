package io.juwsgi.router.upstream;

import io.juwsgi.spi.exchange.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the upstream of a request: routes that name its host first, then those that name a part of it, then those for every
 * host; among these the longest path. Immutable.
 */
final class RouteTable {
    private record Route(String host, String path, Upstream upstream) {
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

        int hostRank() {
            return host.isEmpty() ? 2 : host.startsWith("*.") ? 1 : 0;
        }
    }

    private static final Comparator<Route> FIRST = Comparator.comparingInt(Route::hostRank)
            .thenComparingInt(route -> -route.host().length())
            .thenComparingInt(route -> -route.path().length());

    private final List<Route> routes = new ArrayList<>();
    private final boolean byHost;

    RouteTable(List<RouteSettings> settings, Map<String, Upstream> upstreams) {
        for (RouteSettings one : settings) {
            String path = one.path().endsWith("/")
                    ? one.path().substring(0, one.path().length() - 1)
                    : one.path();
            Upstream upstream = upstreams.get(one.upstream());
            if (upstream == null) {
                throw new IllegalArgumentException("upstream: " + one.upstream() + " (expected: one that is there)");
            }
            routes.add(new Route(one.host().orElse(""), path, upstream));
        }
        routes.sort(FIRST);
        byHost = routes.stream().anyMatch(route -> !route.host().isEmpty());
    }

    /** Returns the upstream, or null when no route takes the request. */
    @Nullable
    Upstream find(Request request) {
        if (routes.isEmpty()) {
            return null;
        }
        String host = byHost ? hostOf(request) : "";
        String path = request.path();
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).takes(host, path)) {
                return routes.get(i).upstream();
            }
        }
        return null;
    }

    /** Returns the requested host in lower case, without port. */
    private static String hostOf(Request request) {
        String host = request.host();
        if (host == null) {
            return "";
        }
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }
}
