package io.juwsgi.spi.route;

/**
 * Makes an action, a condition or a variable of its arguments, once for each place where it is named.
 *
 * @param <T> what is made
 */
@FunctionalInterface
public interface RouteCompiler<T> {

    /**
     * Makes it. Called on the main thread when the configuration is loaded; opens nothing.
     *
     * @throws IllegalArgumentException when the arguments are wrong; the message says what was found and what was expected,
     *     and gets the route's file and line put in front
     */
    T compile(RouteArguments arguments);
}
