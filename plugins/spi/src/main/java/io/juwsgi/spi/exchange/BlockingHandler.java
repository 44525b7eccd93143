package io.juwsgi.spi.exchange;

import io.juwsgi.spi.extension.LifeCycle;

/** Answers exchanges, each on a virtual thread of its own, where it may block. One object serves all of them: thread-safe. */
@FunctionalInterface
public interface BlockingHandler extends LifeCycle {

    /**
     * Answers an exchange. The response is complete when this returns.
     *
     * @param exchange for use on the calling thread only, until this method returns
     * @throws Exception when it failed: a 500 answer, a line in the log that names the extension, and a count; no more
     *     than a count when the client went away
     */
    void handle(BlockingExchange exchange) throws Exception;
}
