package io.juwsgi.router.rude;

import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.util.concurrent.CountDownLatch;

/** Plugins that misbehave, in a package of their own as plugins are. */
public final class Rude {
    private Rude() {}

    /** Throws when it is called for {@code /throw}. */
    public static final class Thrower implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            if (exchange.request().path().equals("/throw")) {
                throw new IllegalStateException("rude in handle");
            }
            next.handle(exchange);
        }
    }

    /** Throws when the response's head passes. */
    public static final class SinkThrower implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            next.handle(exchange.withResponse(new ForwardingSink(exchange.response()) {
                @Override
                public void head(Response head) {
                    throw new IllegalStateException("rude in head");
                }
            }));
        }
    }

    /** Throws when the exchange has ended. */
    public static final class EndThrower implements Filter {
        @Override
        public void handle(Exchange exchange, Handler next) {
            exchange.onEnd(() -> {
                throw new IllegalStateException("rude at the end");
            });
            next.handle(exchange);
        }
    }

    /** Keeps the event loop until it is let go. */
    public static final class Blocker implements Filter {
        private final CountDownLatch release;

        public Blocker(CountDownLatch release) {
            this.release = release;
        }

        @Override
        public void handle(Exchange exchange, Handler next) {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            next.handle(exchange);
        }
    }
}
