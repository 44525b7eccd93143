package io.juwsgi.spi.route;

import io.juwsgi.spi.extension.LifeCycle;

/**
 * What a route does with an exchange: {@code redirect} in {@code route = ^/old redirect:/new}. Compiled once for each route
 * that names it. One object serves all exchanges, on several event loops at a time: thread-safe.
 */
@FunctionalInterface
public interface RouteAction extends LifeCycle {

    /**
     * Acts. Called on the exchange's event loop, where it must not block; an exception ends the exchange with 500.
     *
     * @return how the exchange goes on
     */
    RouteStep act(RouteExchange exchange);
}
