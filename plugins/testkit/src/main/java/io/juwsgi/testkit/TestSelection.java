package io.juwsgi.testkit;

import io.juwsgi.spi.balance.Endpoint;
import io.juwsgi.spi.balance.Selection;
import io.juwsgi.spi.exchange.Request;
import java.util.function.Predicate;

/**
 * A question for a balancer.
 *
 * @param allowed who may be picked
 * @param key the hash of the request's key
 * @param request the request
 */
public record TestSelection(Predicate<Endpoint> allowed, long key, Request request) implements Selection {

    /** Makes one for a request of a client whose address goes with the key. */
    public static TestSelection of(Predicate<Endpoint> allowed, long key) {
        return new TestSelection(
                allowed, key, TestRequest.get("/").remoteAddress("10.9." + (key & 255) + "." + (key >> 8 & 255)));
    }

    /** Makes one that allows everybody. */
    public static TestSelection of(long key) {
        return of(endpoint -> true, key);
    }

    @Override
    public boolean allows(Endpoint endpoint) {
        return allowed.test(endpoint);
    }

    @Override
    public long nanoTime() {
        return 1;
    }
}
