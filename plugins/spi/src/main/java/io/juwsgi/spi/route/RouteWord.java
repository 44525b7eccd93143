package io.juwsgi.spi.route;

import java.util.List;

/**
 * A word of the language of routes.
 *
 * @param names what it is called: a name, and others for the same thing
 * @param syntax what stands behind its colon or in its brackets, such as {@code STATUS [REASON]}; empty for nothing
 * @param doc one line about what it does, for the documentation
 * @param compiler makes it of its arguments
 * @param <T> a {@link RouteAction}, a {@link RouteCondition} or a {@link RouteVariable}
 */
public record RouteWord<T>(List<String> names, String syntax, String doc, RouteCompiler<? extends T> compiler) {

    /**
     * Checks the names.
     *
     * @throws IllegalArgumentException when there is none, or one that could not be written
     */
    public RouteWord {
        names = List.copyOf(names);
        boolean writable = names.stream().allMatch(name -> name.matches("[^\\s:\\[\\]{}$]+"));
        if (names.isEmpty() || !writable) {
            throw new IllegalArgumentException("names of a route's word: " + names + " (expected: at least one, without"
                    + " blanks, colons, dollars, brackets and braces)");
        }
    }
}
