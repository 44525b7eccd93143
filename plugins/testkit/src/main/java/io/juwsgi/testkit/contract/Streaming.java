package io.juwsgi.testkit.contract;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.testkit.TestExchange;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An application that sends a long response, as fast as it may and no faster. It counts what it has sent; the count may be
 * read by any thread.
 */
final class Streaming {
    private static final int PART = 16 * 1024;

    private final TestExchange watching;
    private final int size;
    private final AtomicInteger sent = new AtomicInteger();

    /** Sends {@code size} bytes in chunks that {@code watching} watches. */
    Streaming(TestExchange watching, int size) {
        this.watching = watching;
        this.size = size;
    }

    void begin(Exchange exchange) {
        exchange.response().onWritable(() -> goOn(exchange));
        exchange.response().head(new Response(200, "OK", Fields.of("Content-Type", "text/plain")));
        goOn(exchange);
    }

    private void goOn(Exchange exchange) {
        while (sent.get() < size && exchange.response().writable()) {
            byte[] part = new byte[Math.min(PART, size - sent.get())];
            sent.addAndGet(part.length);
            exchange.response().data(watching.chunk(part));
            if (sent.get() == size) {
                exchange.response().end();
            }
        }
    }

    int sent() {
        return sent.get();
    }
}
