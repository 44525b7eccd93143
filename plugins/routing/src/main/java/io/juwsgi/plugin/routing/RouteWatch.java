package io.juwsgi.plugin.routing;

import io.juwsgi.spi.route.RouteStep;

/** Is told which routes apply. Called on the exchange's event loop. */
@FunctionalInterface
interface RouteWatch {
    /** Nobody watches. */
    RouteWatch NONE = (route, step) -> {};

    void applied(Route route, RouteStep step);
}
