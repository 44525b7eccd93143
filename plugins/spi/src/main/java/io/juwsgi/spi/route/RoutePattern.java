package io.juwsgi.spi.route;

import org.jspecify.annotations.Nullable;

/** A regular expression that cannot be made to run for long, whatever a client sends. Thread-safe. */
@FunctionalInterface
public interface RoutePattern {

    /**
     * Looks for the pattern anywhere in a text.
     *
     * @param text each char one byte (ISO 8859-1)
     * @return the groups, the whole match first, with empty texts for groups that took no part; null without a match
     * @throws IllegalStateException when it took too many steps
     */
    String @Nullable [] find(String text);
}
