package io.juwsgi.spi.route;

/**
 * A text in which {@code $0} to {@code $9} stand for the groups of the route's pattern, {@code ${NAME}} for a request variable
 * and {@code ${NAME[ARGUMENT]}} for what a {@link RouteVariable} says. Thread-safe.
 */
@FunctionalInterface
public interface RouteText {

    /**
     * Returns the text for one exchange, each char one byte (ISO 8859-1). What is filled in is not looked at again: a client
     * that sends <code>${...}</code> gets nothing.
     */
    String of(RouteExchange exchange);
}
