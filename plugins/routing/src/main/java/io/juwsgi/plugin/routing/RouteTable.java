package io.juwsgi.plugin.routing;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.route.RouteStage;
import io.juwsgi.spi.route.RouteStep;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes of one stage, in the order in which they were written. Immutable. */
final class RouteTable {
    private static final System.Logger LOG = System.getLogger(RouteTable.class.getName());

    private final RouteStage stage;
    private final Route[] routes;
    private final Map<String, Integer> labels = new HashMap<>();

    RouteTable(RouteStage stage, List<Route> routes) {
        this.stage = stage;
        this.routes = routes.toArray(Route[]::new);
        for (int i = 0; i < this.routes.length; i++) {
            int index = i;
            this.routes[i].label().ifPresent(name -> labels.putIfAbsent(name, index));
        }
    }

    RouteStage stage() {
        return stage;
    }

    boolean isEmpty() {
        return routes.length == 0;
    }

    List<Route> routes() {
        return List.of(routes);
    }

    /**
     * Looks at the routes, one after the other.
     *
     * @param watch is told which routes apply
     * @return CONTINUE when no route ended the exchange, otherwise BREAK
     */
    RouteStep follow(RouteState state, RouteWatch watch) {
        int next = 0;
        while (next < routes.length) {
            Route route = routes[next];
            if (!route.applies(state)) {
                next++;
                continue;
            }
            RouteStep step = route.action().act(state);
            state.forgetGroups();
            watch.applied(route, step);
            switch (step) {
                case RouteStep.Next() -> next++;
                case RouteStep.Continue() -> {
                    return RouteStep.CONTINUE;
                }
                case RouteStep.Break() -> {
                    return RouteStep.BREAK;
                }
                case RouteStep.Goto(String label) -> {
                    int target = target(label);
                    if (target <= next) {
                        return lost(state, route, label);
                    }
                    next = target;
                }
            }
        }
        return RouteStep.CONTINUE;
    }

    /** Returns the place of a label, or of a number that stands for a route from 0; -1 when there is no such place. */
    int target(String label) {
        Integer known = labels.get(label);
        if (known != null) {
            return known;
        }
        return label.matches("[0-9]{1,6}") ? Integer.parseInt(label) : -1;
    }

    private static RouteStep lost(RouteState state, Route route, String label) {
        LOG.log(
                System.Logger.Level.ERROR,
                "request=" + state.id() + " " + route.setting().origin() + ": goto: " + label
                        + " (expected: a label further down)");
        state.refuse(Failure.gateway(500, "route-goto", "The server failed while it answered this request."));
        return RouteStep.BREAK;
    }
}
