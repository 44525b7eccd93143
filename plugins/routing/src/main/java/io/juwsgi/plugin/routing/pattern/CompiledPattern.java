package io.juwsgi.plugin.routing.pattern;

import io.juwsgi.spi.route.RoutePattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern behind the literal text that every match begins with. Most routes begin with {@code ^/something}, and most requests
 * differ there. Thread-safe; bench: RoutesBench.
 *
 * @param pattern the whole pattern
 * @param prefix what a text must begin with, may be empty
 * @param engine what runs the pattern, for people
 */
public record CompiledPattern(RoutePattern pattern, String prefix, String engine) implements RoutePattern {
    @Override
    public String @Nullable [] find(String text) {
        return text.startsWith(prefix) ? pattern.find(text) : null;
    }
}
