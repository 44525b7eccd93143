package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingSink;
import io.juwsgi.spi.exchange.Response;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The application's response on its way to the client: a copy of it is stored when it may be and is complete, and a 304
 * to the cache's own question renews what is stored. Owned by the exchange's event loop.
 */
final class Fill extends ForwardingSink {
    private final Exchange exchange;
    private final CacheKey key;
    private final Forward why;
    private final boolean noStore;
    private final @Nullable StoredResponse stale;
    private final ResponseStore store;
    private final int maxEntry;
    private final InstantSource clock;
    private final int generation;
    private final long requestMillis;

    private @Nullable Response confirmed;
    private @Nullable StoredResponse stored;
    private @Nullable BodyCopy copy;
    private long declaredLength;

    /**
     * Makes a fill just before the request is passed on.
     *
     * @param noStore whether the client wants nothing stored
     * @param stale what the application is asked to confirm, or null
     */
    Fill(
            HttpCache cache,
            Exchange exchange,
            CacheKey key,
            Forward why,
            boolean noStore,
            @Nullable StoredResponse stale) {
        super(exchange.response());
        this.exchange = exchange;
        this.key = key;
        this.why = why;
        this.noStore = noStore;
        this.stale = stale;
        store = cache.store();
        maxEntry = cache.maxEntry();
        clock = cache.clock();
        generation = store.generation(key);
        requestMillis = clock.millis();
    }

    @Override
    public void head(Response head) {
        if (stale != null && head.status() == 304) {
            // Answered at the end, so that the application is not taken for cut off.
            confirmed = head;
            return;
        }
        begin(head);
        head.fields().add(CacheStatus.FIELD, copy == null ? why.field() : why.field() + "; stored");
        super.head(head);
    }

    private void begin(Response head) {
        long now = clock.millis();
        CacheControl control = CacheControl.ofResponse(head.fields());
        Freshness freshness = Freshness.of(head.fields(), head.fields().first("age"), control, requestMillis, now);
        if (noStore || !StoragePolicy.allows(exchange.request(), head, control, freshness)) {
            return;
        }
        Variation variation = Variation.of(exchange.request().fields(), head.fields());
        String length = head.fields().first("content-length");
        declaredLength = length == null ? -1 : CacheControl.seconds(length);
        if (variation == null || declaredLength > maxEntry) {
            return;
        }
        copy = new BodyCopy(maxEntry, declaredLength);
        stored = new StoredResponse(
                head.status(),
                head.reason(),
                StoredResponse.kept(head.fields(), now),
                new byte[0],
                variation,
                freshness);
    }

    @Override
    public void data(Chunk chunk) {
        if (confirmed != null) {
            chunk.release();
            return;
        }
        if (copy != null && !copy.add(chunk.bytes())) {
            copy = null;
        }
        super.data(chunk);
    }

    @Override
    public void file(FileRegion region) {
        if (confirmed != null) {
            region.close();
            return;
        }
        // Sent by the kernel: its bytes are not seen here, and it is as quick as the cache.
        copy = null;
        super.file(region);
    }

    @Override
    public void end() {
        Response answer = confirmed;
        StoredResponse before = stale;
        if (answer != null && before != null) {
            renew(answer, before);
            return;
        }
        StoredResponse made = stored;
        BodyCopy whole = copy;
        // RFC 9111 section 3.3: what is not complete is not stored.
        if (made != null && whole != null && !exchange.ended() && fits(whole)) {
            store.put(key, made.withBody(whole.toArray()), generation);
        }
        super.end();
    }

    private boolean fits(BodyCopy whole) {
        return declaredLength < 0 || whole.length() == declaredLength;
    }

    /** RFC 9111 section 4.3.4: a 304 about another representation says nothing of the stored one. */
    private void renew(Response answer, StoredResponse before) {
        String tag = answer.fields().first("etag");
        String known = before.fields().first("etag");
        if (tag != null && known != null && !EntityTags.same(tag, known)) {
            store.invalidate(key);
            exchange.fail(Failure.upstream(
                    502, "bad-revalidation", "The application confirmed another version than it was asked for."));
            return;
        }
        long now = clock.millis();
        StoredResponse renewed = before.updated(answer.fields(), requestMillis, now);
        CacheControl control = CacheControl.ofResponse(renewed.fields());
        if (control.noStore() || control.isPrivate() || renewed.fields().contains("set-cookie")) {
            store.invalidate(key);
        } else {
            store.put(key, renewed, generation);
        }
        Hit.send(exchange, renewed, now, why.field() + "; fwd-status=304");
    }
}
