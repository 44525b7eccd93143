package io.juwsgi.router.chain;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Handler;

/** A plugin's blocking handler as one that is called on event loops: each exchange gets a virtual thread. */
record BlockingAdapter(BlockingHandler handler, String mount, Conduct conduct) implements Handler {

    @Override
    public void handle(Exchange exchange) {
        BlockingCall call =
                new BlockingCall(exchange, Mounts.withoutSlash(mount).length());
        Thread.ofVirtual().name("juwsgi-" + conduct.id()).start(() -> run(call));
    }

    private void run(BlockingCall call) {
        try {
            handler.handle(call);
            call.complete();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.failed(conduct, e);
        } catch (Exception | Error e) {
            call.failed(conduct, e);
        }
    }
}
