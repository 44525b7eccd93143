package io.juwsgi.spi.route;

import org.jspecify.annotations.Nullable;

/**
 * The value of {@code ${NAME[ARGUMENT]}} in a route's text. Compiled once for each place where it stands. One object serves
 * all exchanges, on several event loops at a time: thread-safe.
 */
@FunctionalInterface
public interface RouteVariable {

    /**
     * Returns the value, each char one byte (ISO 8859-1); null, where there is none, stands for nothing. Called on the
     * exchange's event loop, where it must not block.
     */
    @Nullable
    String value(RouteExchange exchange);
}
