package io.juwsgi.spi.balance;

import io.juwsgi.spi.extension.LifeCycle;

/**
 * Asks an endpoint whether it is well. An upstream names it by the extension's id, as in {@code check = tcp}. One object
 * serves all endpoints at the same time: thread-safe.
 */
@FunctionalInterface
public interface HealthCheck extends LifeCycle {

    /**
     * Asks once. Called on a virtual thread, where it may block; the thread is interrupted when {@link
     * CheckTarget#timeout} is over.
     *
     * @throws Exception when the endpoint is not well; the message says why in a few words for the log, such as
     *     {@code answered 503}
     */
    void check(CheckTarget target) throws Exception;
}
