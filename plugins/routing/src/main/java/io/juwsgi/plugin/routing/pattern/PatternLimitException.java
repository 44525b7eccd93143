package io.juwsgi.plugin.routing.pattern;

/** A match that was stopped. Whether the route would have applied is not known, so the exchange cannot go on. */
public final class PatternLimitException extends IllegalStateException {
    PatternLimitException(String message) {
        super(message);
    }

    PatternLimitException(String message, Throwable cause) {
        super(message, cause);
    }
}
