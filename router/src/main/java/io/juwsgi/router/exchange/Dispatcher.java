package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;

/** Finds the handler of a request. Called on event loops. */
@FunctionalInterface
public interface Dispatcher {

    /** Returns the handler; one that refuses where nothing is bound. */
    Handler handlerFor(Request request);

    /**
     * Writes the line and the count of an exception that came out of a plugin's code by another way than a call of its
     * filter or handler.
     *
     * @return whether it came out of a plugin
     */
    default boolean blame(String requestId, Throwable thrown) {
        return false;
    }
}
