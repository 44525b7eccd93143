package io.juwsgi.spi.exchange;

import io.juwsgi.spi.extension.LifeCycle;

/**
 * A part of the way that every exchange takes to its handler. It passes the exchange on, as it is or changed, or answers
 * by itself.
 *
 * <p>One filter object serves all exchanges, on several event loops at a time: it is thread-safe, and keeps what belongs
 * to an exchange in objects of its own.
 */
public interface Filter extends LifeCycle {

    /**
     * Takes an exchange. Called on the exchange's event loop, where it must not block; a filter that waits for something
     * returns, and goes on later with {@code exchange.eventLoop().execute(...)}. It does exactly one of these, once:
     *
     * <ul>
     *   <li>{@code next.handle(exchange)}, with an exchange derived from this one to change the request
     *       ({@link Exchange#withRequest}), the request's body ({@link Exchange#withBody}) or the response
     *       ({@link Exchange#withResponse});
     *   <li>answer, with {@link Exchange#response};
     *   <li>{@link Exchange#fail}.
     * </ul>
     *
     * <p>An exception, from here or from what it put around the response or the body, becomes a 500 answer, a line in
     * the log that names the extension, and a count.
     *
     * @param exchange the exchange
     * @param next the rest of the way
     */
    void handle(Exchange exchange, Handler next);
}
