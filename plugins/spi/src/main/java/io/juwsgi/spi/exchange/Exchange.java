package io.juwsgi.spi.exchange;

import java.util.concurrent.Executor;

/**
 * One request with its response.
 *
 * <p>All methods, and everything reached through them, belong to one event loop thread: {@link #eventLoop()}. Code on
 * another thread hands its work to that executor.
 */
public interface Exchange {

    /** Returns the request id: 16 hexadecimal digits, the same in log lines, error pages and the worker's environ. */
    String id();

    /** Returns the request's head. */
    Request request();

    /** Returns the request's body. */
    RequestBody body();

    /** Returns where the response goes. */
    ResponseSink response();

    /** Returns the executor whose one thread owns this exchange. */
    Executor eventLoop();

    /**
     * Ends the exchange without the response that was asked for: with an error page when no response head was sent, by
     * cutting the connection otherwise. Does nothing when the exchange has ended.
     */
    void fail(Failure failure);

    /** Returns whether the response is complete, or the client or a failure ended the exchange before that. */
    boolean ended();

    /**
     * Calls {@code listener} once, when the exchange ends; at once when it has ended.
     *
     * @param listener called on the event loop
     */
    void onEnd(Runnable listener);

    /** Writes into this exchange's access log account; never null. */
    Account account();

    /** Returns this exchange with another request head, for whoever comes next in the chain. */
    default Exchange withRequest(Request request) {
        return new DerivedExchange(this, request, body(), response());
    }

    /** Returns this exchange with another request body, for whoever comes next in the chain. */
    default Exchange withBody(RequestBody body) {
        return new DerivedExchange(this, request(), body, response());
    }

    /**
     * Returns this exchange with another place for the response, for whoever comes next in the chain. Mostly that is a
     * {@link ForwardingSink} around {@link #response}. The error page of an exchange that {@linkplain #fail fails} does
     * not pass through it.
     */
    default Exchange withResponse(ResponseSink response) {
        return new DerivedExchange(this, request(), body(), response);
    }
}
