package io.juwsgi.plugin.access;

import java.util.List;

/**
 * Paths with what is below them. Immutable.
 *
 * @param points none ends with a slash; empty: all paths
 */
record Paths(List<String> points) {

    /** Reads paths; {@code component} begins a message. */
    static Paths of(String component, List<String> given) {
        return new Paths(given.stream().map(path -> point(component, path)).toList());
    }

    private static String point(String component, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException(component + ": " + path + " (expected: beginning with a slash)");
        }
        String point = path;
        while (point.endsWith("/")) {
            point = point.substring(0, point.length() - 1);
        }
        return point;
    }

    boolean hold(String path) {
        if (points.isEmpty()) {
            return true;
        }
        for (int i = 0; i < points.size(); i++) {
            String point = points.get(i);
            int length = point.length();
            if (path.startsWith(point) && (path.length() == length || path.charAt(length) == '/')) {
                return true;
            }
        }
        return false;
    }
}
