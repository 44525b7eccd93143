package io.juwsgi.spi.exchange;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** An exchange that passes every call on to another one; to be extended. Owned by the exchange's event loop. */
public abstract class ForwardingExchange implements Exchange {
    private final Exchange exchange;

    /** Passes calls on to {@code exchange}. */
    protected ForwardingExchange(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public String id() {
        return exchange.id();
    }

    @Override
    public Request request() {
        return exchange.request();
    }

    @Override
    public RequestBody body() {
        return exchange.body();
    }

    @Override
    public ResponseSink response() {
        return exchange.response();
    }

    @Override
    public Executor eventLoop() {
        return exchange.eventLoop();
    }

    @Override
    public void fail(Failure failure) {
        exchange.fail(failure);
    }

    @Override
    public boolean ended() {
        return exchange.ended();
    }

    @Override
    public void onEnd(Runnable listener) {
        exchange.onEnd(listener);
    }

    @Override
    public Optional<WebSocketChannel> webSocket(List<String> protocols, WebSocketChannel.Receiver receiver) {
        return exchange.webSocket(protocols, receiver);
    }

    @Override
    public Optional<TunnelChannel> tunnel(Response head, TunnelChannel.Receiver receiver) {
        return exchange.tunnel(head, receiver);
    }

    @Override
    public Account account() {
        return exchange.account();
    }
}
