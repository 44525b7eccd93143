package io.juwsgi.spi.http;

import java.util.Comparator;
import java.util.Locale;

/**
 * Requests for some host, at a path and below it: what a route, or a rule for some requests, is for.
 *
 * @param host the host in lower case, without port; {@code *.example.org} for all below a name; every host when empty
 * @param path the path, without a slash at its end; all paths when empty
 */
public record RequestScope(String host, String path) {

    /** Those that name the host come first, then those that name a part of it, then the rest; among them the longest path. */
    public static final Comparator<RequestScope> CLOSEST_FIRST = Comparator.comparingInt(RequestScope::hostRank)
            .thenComparingInt(scope -> -scope.host.length())
            .thenComparingInt(scope -> -scope.path.length());

    /** Takes case out of the host, and a slash at the end out of the path. */
    public RequestScope {
        host = host.toLowerCase(Locale.ROOT);
        if (!path.startsWith("/") && !path.isEmpty()) {
            throw new IllegalArgumentException("path: " + path + " (expected: beginning with a slash)");
        }
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** Returns whether a request is one of these; the host is one that {@link #bareHost} returned. */
    public boolean has(String requestedHost, String requestedPath) {
        return hasHost(requestedHost)
                && requestedPath.startsWith(path)
                && (path.isEmpty()
                        || requestedPath.length() == path.length()
                        || requestedPath.charAt(path.length()) == '/');
    }

    private boolean hasHost(String requested) {
        return host.isEmpty()
                || (host.startsWith("*.") ? requested.endsWith(host.substring(1)) : requested.equals(host));
    }

    private int hostRank() {
        return host.isEmpty() ? 2 : host.startsWith("*.") ? 1 : 0;
    }

    /** Returns the host of a Host field (RFC 9110 section 7.2) in lower case, without port. */
    public static String bareHost(String field) {
        int colon = field.lastIndexOf(':');
        boolean port = colon > field.lastIndexOf(']');
        return (port ? field.substring(0, colon) : field).toLowerCase(Locale.ROOT);
    }
}
