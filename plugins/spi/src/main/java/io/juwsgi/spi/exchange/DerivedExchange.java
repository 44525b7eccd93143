package io.juwsgi.spi.exchange;

/** An exchange of which a filter has replaced parts. Owned by the exchange's event loop. */
final class DerivedExchange extends ForwardingExchange {
    private final Request request;
    private final RequestBody body;
    private final ResponseSink response;

    DerivedExchange(Exchange exchange, Request request, RequestBody body, ResponseSink response) {
        super(exchange);
        this.request = request;
        this.body = body;
        this.response = response;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public ResponseSink response() {
        return response;
    }
}
