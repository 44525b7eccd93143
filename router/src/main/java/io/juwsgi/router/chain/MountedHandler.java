package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Handler;

/** A plugin's handler, with what keeps its faults to itself. */
record MountedHandler(Handler handler, Conduct conduct) implements Handler {
    @Override
    public void handle(Exchange exchange) {
        try {
            handler.handle(exchange);
        } catch (RuntimeException | Error e) {
            conduct.threw(exchange, e);
        }
    }
}
