package io.juwsgi.spi.exchange;

import io.juwsgi.spi.extension.LifeCycle;

/** Answers exchanges without blocking: the application, an upstream, a file, an internal page. */
@FunctionalInterface
public interface Handler extends LifeCycle {

    /**
     * Takes over an exchange. Called on the exchange's event loop, where it must not block; the response may be given
     * later. An exception becomes a 500 answer and one ERROR line.
     */
    void handle(Exchange exchange);
}
