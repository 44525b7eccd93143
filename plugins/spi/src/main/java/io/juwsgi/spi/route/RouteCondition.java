package io.juwsgi.spi.route;

import io.juwsgi.spi.extension.LifeCycle;

/**
 * Whether a route applies: {@code isfile} in {@code route-if = isfile:/srv/x continue:}. Compiled once for each route that
 * names it. One object serves all exchanges, on several event loops at a time: thread-safe.
 */
@FunctionalInterface
public interface RouteCondition extends LifeCycle {

    /**
     * Decides. Called on the exchange's event loop, where it must not block; an exception ends the exchange with 500. A
     * condition with groups of its own sets them with {@link RouteExchange#groups}.
     */
    boolean holds(RouteExchange exchange);
}
