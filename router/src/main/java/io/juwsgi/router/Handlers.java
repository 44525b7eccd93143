package io.juwsgi.router;

import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.router.upstream.Upstreams;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** Which handler answers a request: an upstream, or what is bound to its modifier1. Bound from any thread; any event loop asks. */
final class Handlers implements Dispatcher {
    private static final System.Logger LOG = System.getLogger(Handlers.class.getName());

    private final AtomicReferenceArray<Handler> byModifier = new AtomicReferenceArray<>(256);
    private volatile Handler fallback = new LandingHandler();
    private volatile @Nullable Upstreams upstreams;

    void bind(int modifier1, Handler handler) {
        if (modifier1 < 0 || modifier1 > 255) {
            throw new IllegalArgumentException("modifier1: " + modifier1 + " (expected: 0 to 255)");
        }
        byModifier.set(modifier1, handler);
    }

    void fallback(Handler handler) {
        fallback = handler;
    }

    void upstreams(Upstreams gateway) {
        upstreams = gateway;
    }

    @Override
    public Handler handlerFor(Request request) {
        Upstreams gateway = upstreams;
        Handler upstream = gateway == null ? null : gateway.handlerFor(request);
        if (upstream != null) {
            return upstream;
        }
        int modifier1 = request.modifier1();
        Handler bound = byModifier.getAcquire(modifier1);
        if (bound != null) {
            return bound;
        }
        // Modifier 30 is 0 with another form of the path.
        if (modifier1 == 0 || modifier1 == 30) {
            Handler application = byModifier.getAcquire(0);
            return application != null ? application : fallback;
        }
        return Handlers::refuse;
    }

    private static void refuse(Exchange exchange) {
        int modifier1 = exchange.request().modifier1();
        LOG.log(Level.WARNING, "request={0} -- unavailable modifier requested: {1} --", exchange.id(), modifier1);
        exchange.fail(Failure.gateway(
                502, "unbound-modifier", "Nothing is bound to modifier1 " + modifier1 + " of this request."));
    }
}
