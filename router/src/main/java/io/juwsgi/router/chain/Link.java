package io.juwsgi.router.chain;

import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;

/** One filter in a chain, with what keeps its faults to itself. Immutable; bench: ChainBench. */
final class Link implements Handler {
    private final Filter filter;
    private final Conduct conduct;
    private final Handler exit;

    Link(Filter filter, Handler next, Conduct conduct, Chain chain) {
        this.filter = filter;
        this.conduct = conduct;
        this.exit = new Exit(next, conduct, chain);
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            filter.handle(exchange, exit);
        } catch (RuntimeException | Error e) {
            conduct.threw(exchange, e);
        }
    }

    /**
     * What the filter calls to go on: an exchange that it derived is guarded before the next one gets it, and counted in,
     * because it may outlive the one it was derived from, as a cache's own question does.
     */
    private record Exit(Handler next, Conduct conduct, Chain chain) implements Handler {
        @Override
        public void handle(Exchange exchange) {
            if (exchange instanceof ServerExchange || exchange instanceof GuardedExchange) {
                next.handle(exchange);
                return;
            }
            if (chain.enter()) {
                exchange.onEnd(chain.leaving());
            }
            next.handle(new GuardedExchange(exchange, conduct));
        }
    }
}
