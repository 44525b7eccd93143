package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.spi.exchange.ChangedRequest;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A shared cache (RFC 9111): answers from what is stored, passes on what is not. Thread-safe. */
final class HttpCache implements Filter {
    private final ResponseStore store;
    private final long size;
    private final int maxEntry;
    private final InstantSource clock;

    /** Makes a cache over a store, which may hold what a cache before this one has stored. */
    HttpCache(CacheSettings settings, ResponseStore store, InstantSource clock) {
        this.store = store;
        size = settings.size().bytes();
        maxEntry = (int) settings.maxEntry().bytes();
        this.clock = clock;
    }

    ResponseStore store() {
        return store;
    }

    int maxEntry() {
        return maxEntry;
    }

    InstantSource clock() {
        return clock;
    }

    @Override
    public void start() {
        store.resize(size);
    }

    @Override
    public void handle(Exchange exchange, Handler next) {
        Request request = exchange.request();
        if (request.modifier1() != 0) {
            // Another application than the one that the stored responses are of.
            next.handle(exchange);
            return;
        }
        switch (request.method()) {
            case "GET", "HEAD" -> {
                if (passesBy(exchange)) {
                    next.handle(exchange.withResponse(new Marked(exchange)));
                } else {
                    lookUp(exchange, next);
                }
            }
            case "OPTIONS", "TRACE" -> next.handle(exchange);
            default ->
                next.handle(exchange.withResponse(new Invalidation(exchange.response(), store, CacheKey.of(request))));
        }
    }

    /** Returns whether a request asks for more than the key tells, or for something that only the application can do. */
    private static boolean passesBy(Exchange exchange) {
        Fields fields = exchange.request().fields();
        return exchange.body().length() != 0
                || fields.contains("range")
                || upgrades(fields)
                || fields.contains("if-match")
                || fields.contains("if-unmodified-since");
    }

    /** Returns whether the client wants another protocol; HTTP/2, which some offer with each request, is not spoken here. */
    private static boolean upgrades(Fields fields) {
        String protocol = fields.first("upgrade");
        return protocol != null && !protocol.equalsIgnoreCase("h2c");
    }

    private void lookUp(Exchange exchange, Handler next) {
        Request request = exchange.request();
        CacheKey key = CacheKey.of(request);
        CacheControl wish = CacheControl.ofRequest(request.fields());
        Variants variants = store.get(key);
        StoredResponse stored = variants == null ? null : variants.select(request.fields());
        long now = clock.millis();
        if (stored != null && stored.freshness().usable(wish, now)) {
            Hit.send(exchange, stored, now, CacheStatus.hit(stored.freshness().left(now)));
        } else if (wish.onlyIfCached()) {
            exchange.fail(
                    Failure.client(504, "only-if-cached", "There is no stored response as the request wants it."));
        } else {
            Forward why = variants == null
                    ? Forward.URI_MISS
                    : stored == null
                            ? Forward.VARY_MISS
                            : stored.freshness().fresh(now) ? Forward.REQUEST : Forward.STALE;
            StoredResponse asked = stored != null && stored.hasValidator() && !wish.noStore() ? stored : null;
            Exchange filled = exchange.withResponse(new Fill(this, exchange, key, why, wish.noStore(), asked));
            next.handle(asked == null ? filled : filled.withRequest(question(request, asked)));
        }
    }

    /** Returns the request with the cache's own conditions in place of the client's (RFC 9111 section 4.3.1). */
    private static Request question(Request request, StoredResponse stored) {
        ChangedRequest changed = new ChangedRequest(request);
        condition(changed, "If-None-Match", stored.fields().first("etag"));
        condition(changed, "If-Modified-Since", stored.fields().first("last-modified"));
        return changed;
    }

    private static void condition(ChangedRequest request, String name, @Nullable String value) {
        if (value == null) {
            request.withoutField(name);
        } else {
            request.field(name, value);
        }
    }

    /** A response that has nothing to do with the cache, and says so. Owned by the exchange's event loop. */
    private static final class Marked extends ForwardingSink {
        Marked(Exchange exchange) {
            super(exchange.response());
        }

        @Override
        public void head(Response head) {
            head.fields().add(CacheStatus.FIELD, Forward.BYPASS.field());
            super.head(head);
        }
    }
}
