package io.juwsgi.cache;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Normalisation;
import io.juwsgi.cache.rule.StoragePolicy;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import java.util.concurrent.Executor;

/**
 * What a client wants, as the cache sees it. Belongs to the exchange's event loop; what it says is read by any thread.
 *
 * @param next the way to the application
 * @param rule how it is treated
 * @param wish the request's Cache-Control
 * @param tries how often it has waited for an answer that turned out to be another client's
 */
record Question(Exchange exchange, Handler next, CacheKey key, Rule rule, CacheControl wish, int tries) {

    Request request() {
        return exchange.request();
    }

    Fields fields() {
        return exchange.request().fields();
    }

    StoragePolicy policy() {
        return rule.policy();
    }

    Normalisation normalisation() {
        return rule.normalisation();
    }

    boolean isHead() {
        return request().method().equals("HEAD");
    }

    /** Returns whether the client has a response already, and asks whether it is still good. */
    boolean isConditional() {
        return fields().contains("if-none-match") || fields().contains("if-modified-since");
    }

    /** Returns this after another time of waiting. */
    Question again() {
        return new Question(exchange, next, key, rule, wish, tries + 1);
    }

    /** Does something on the exchange's own thread: at once when that is the caller's. */
    void run(Executor here, Runnable task) {
        if (exchange.eventLoop().equals(here)) {
            task.run();
        } else {
            exchange.eventLoop().execute(task);
        }
    }
}
