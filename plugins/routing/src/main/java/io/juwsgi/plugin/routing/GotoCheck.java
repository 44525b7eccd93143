package io.juwsgi.plugin.routing;

import java.util.List;

/** Finds jumps that could never arrive: said at the start, and not by the first request that jumps. */
final class GotoCheck {
    private GotoCheck() {}

    static void check(RouteTable table, List<String> failures) {
        List<Route> routes = table.routes();
        for (int i = 0; i < routes.size(); i++) {
            Route route = routes.get(i);
            String value = route.setting().value();
            int at = value.lastIndexOf("goto:");
            if (!route.actionName().equals("goto") || at < 0 || value.indexOf('$', at) >= 0) {
                continue;
            }
            String label = value.substring(at + "goto:".length());
            if (table.target(label) <= i) {
                failures.add(route.setting().origin() + ": "
                        + route.setting().option().name() + ": goto: " + label + " (expected: a label further down)");
            }
        }
    }
}
