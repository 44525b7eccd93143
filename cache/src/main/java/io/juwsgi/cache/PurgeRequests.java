package io.juwsgi.cache;

import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Requests with the method PURGE. Thread-safe.
 *
 * <p>{@code PURGE /page} forgets that page, {@code PURGE /img/*} what begins so, and one with {@code Surrogate-Key} or {@code
 * Cache-Tag} everything that has one of these tags. With {@code Soft-Purge: 1} all this is taken for stale instead of being
 * forgotten. They come from addresses that may, or are refused.
 */
final class PurgeRequests {
    private final HttpCache cache;
    private final List<AddressRange> from;

    PurgeRequests(HttpCache cache, List<AddressRange> from) {
        this.cache = cache;
        this.from = List.copyOf(from);
    }

    /** Returns whether the method has a meaning here; otherwise it is the application's. */
    boolean enabled() {
        return !from.isEmpty();
    }

    void handle(Exchange exchange) {
        String address = exchange.request().remoteAddress();
        if (from.stream().noneMatch(range -> range.contains(address))) {
            exchange.fail(Failure.client(403, "purge-denied", "This address may not purge."));
            return;
        }
        boolean soft = isSoft(exchange.request());
        String done = soft ? " marked stale\n" : " purged\n";
        byte[] text = (purge(exchange.request(), soft) + done).getBytes(StandardCharsets.US_ASCII);
        Fields fields = Fields.of("Content-Type", "text/plain", "Content-Length", Integer.toString(text.length));
        exchange.response().head(new Response(200, "OK", fields));
        exchange.response().data(Chunk.of(text));
        exchange.response().end();
    }

    /** Tools for Fastly have their own name for it. */
    private static boolean isSoft(Request request) {
        return List.of("soft-purge", "fastly-soft-purge").stream()
                .map(request.fields()::first)
                .anyMatch(value -> value != null && (value.equals("1") || value.equals("?1")));
    }

    private int purge(Request request, boolean soft) {
        int purged = 0;
        boolean tagged = false;
        for (String list : request.fields().all("surrogate-key")) {
            for (String tag : list.strip().split("\\s+", -1)) {
                purged += cache.purges().tag(tag, soft);
                tagged = true;
            }
        }
        for (String list : request.fields().all("cache-tag")) {
            for (String tag : list.split(",", -1)) {
                purged += cache.purges().tag(tag.strip(), soft);
                tagged = true;
            }
        }
        if (tagged) {
            return purged;
        }
        CacheKey key = cache.keyOf(request);
        String url = key.url();
        return url.endsWith("*")
                ? cache.purges().prefix(url.substring(0, url.length() - 1), soft)
                : cache.purges().key(key, soft);
    }
}
