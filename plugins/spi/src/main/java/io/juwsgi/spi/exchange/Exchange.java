package io.juwsgi.spi.exchange;

import java.util.List;
import java.util.Optional;
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

    /**
     * Accepts the WebSocket that the request asks for (RFC 6455), in place of a response; its end is the exchange's.
     *
     * @param protocols the subprotocols that the handler speaks; the first one of the client's that is among them is taken
     * @param receiver takes what the client sends
     * @return the WebSocket; empty when the request asks for none in a way that the RFC allows, or its protocol has none:
     *     the exchange is as it was
     * @throws IllegalStateException when a response was begun
     */
    default Optional<WebSocketChannel> webSocket(List<String> protocols, WebSocketChannel.Receiver receiver) {
        return Optional.empty();
    }

    /**
     * Leaves HTTP for the protocol that the client asked for (RFC 9110 section 7.8), in place of a response: from here on
     * bytes go both ways as they are. The end of the tunnel is the exchange's.
     *
     * @param head a head with status 101, with the fields that the new protocol needs; Connection and Upgrade are the
     *     front's matter
     * @param receiver takes what the client sends
     * @return the tunnel; empty when the request asks for no other protocol or the client's protocol cannot be left: the
     *     exchange is as it was
     * @throws IllegalStateException when a response was begun
     */
    default Optional<TunnelChannel> tunnel(Response head, TunnelChannel.Receiver receiver) {
        return Optional.empty();
    }

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
