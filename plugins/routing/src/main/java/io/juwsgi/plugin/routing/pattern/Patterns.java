package io.juwsgi.plugin.routing.pattern;

import io.juwsgi.spi.route.RoutePattern;
import java.util.regex.PatternSyntaxException;

/**
 * Compiles regular expressions. RE2 runs in time that grows with the text alone; what is not in its language (look-around, back
 * references, possessive quantifiers) is left to Java's matcher, which backtracks, and is stopped after a number of steps.
 */
public final class Patterns {
    private Patterns() {}

    /**
     * Compiles a pattern.
     *
     * @param pattern as it was written
     * @param steps after how many characters looked at Java's matcher is stopped
     * @throws IllegalArgumentException when neither engine can read it
     */
    public static CompiledPattern compile(String pattern, int steps) {
        String bytes = Latin1.of(pattern);
        try {
            return wrap(new Re2Pattern(com.google.re2j.Pattern.compile(bytes)), bytes, "RE2");
        } catch (com.google.re2j.PatternSyntaxException notInRe2) {
            try {
                return wrap(
                        new BacktrackingPattern(java.util.regex.Pattern.compile(bytes), steps),
                        bytes,
                        "Java, at most " + steps + " steps");
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "pattern " + pattern + ": " + e.getDescription() + " near character " + (e.getIndex() + 1)
                                + " (expected: a regular expression)",
                        e);
            }
        }
    }

    private static CompiledPattern wrap(RoutePattern pattern, String bytes, String engine) {
        return new CompiledPattern(pattern, AnchoredPrefix.of(bytes), engine);
    }
}
