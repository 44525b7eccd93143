package io.juwsgi.cache;

import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.cache.store.Body;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.DiskStore;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response that may be stored, on its way into memory or a file and to everybody who waits for it. Owned by the event loop
 * of its {@link Fetch}.
 */
final class Fill {
    private final HttpCache cache;
    private final Flight flight;
    private final Plan plan;
    private final StoredResponse stored;
    private final Set<String> withheld;
    /** The head goes out with the first byte behind it: a file, which is not stored, may come instead. */
    private final Response original;
    /** What Content-Length says, -1 when it is not there. */
    private final long declared;

    private boolean begun;
    private DiskStore.@Nullable Spool spool;
    private boolean outgrown;

    private Fill(
            HttpCache cache,
            Flight flight,
            Plan plan,
            Response original,
            StoredResponse stored,
            Set<String> withheld,
            long declared) {
        this.cache = cache;
        this.flight = flight;
        this.plan = plan;
        this.original = original;
        this.stored = stored;
        this.withheld = withheld;
        this.declared = declared;
    }

    /** Returns null for a response that must not be stored, or is larger than any that is. */
    static @Nullable Fill of(HttpCache cache, Flight flight, Plan plan, Response head) {
        long now = cache.clock().millis();
        Fields fields = head.fields();
        Freshness freshness =
                plan.noStore() ? null : plan.question().policy().judge(plan.request(), head, plan.millis(), now);
        Variation variation = freshness == null
                ? null
                : Variation.of(plan.request().fields(), fields, plan.question().normalisation());
        String length = fields.first("content-length");
        long declared = length == null ? -1 : CacheControl.seconds(length);
        if (freshness == null
                || variation == null
                || declared > cache.settings().largest()) {
            return null;
        }
        Set<String> withheld = plan.question().policy().control(fields).withheld();
        Fields kept = StoredResponse.kept(fields, withheld, now);
        StoredResponse stored = StoredResponse.of(head.status(), head.reason(), kept, variation, freshness);
        cache.learnSearch(plan.question().key(), fields);
        return new Fill(cache, flight, plan, head, stored, withheld, declared);
    }

    /** Returns the response's head as the application made it, as long as this has not begun. */
    Response original() {
        return original;
    }

    /** Returns whether clients have got something of it. */
    boolean begun() {
        return begun;
    }

    private void begin() {
        if (!begun) {
            begun = true;
            cache.flights().shareable(plan.question().key(), stored.variation());
            flight.share(stored, original, declared);
        }
    }

    void append(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        begin();
        flight.body().append(bytes);
        if (flight.body().overflows()) {
            spool(bytes);
            flight.trim();
        }
        flight.tell();
    }

    /** What is too much for memory goes into a file, as long as it is not too large for that. */
    private void spool(byte[] bytes) {
        DiskStore.Spool open = spool;
        if (flight.body().length() > cache.settings().largest()) {
            discard();
        } else if (open != null) {
            open.write(bytes);
        } else if (!outgrown) {
            spool = opened();
        }
        if (!outgrown && flight.body().crowdedOut()) {
            cache.counters().crowdedOut.increment();
        }
        outgrown = true;
    }

    private DiskStore.@Nullable Spool opened() {
        DiskStore disk = cache.disk();
        if (disk == null) {
            return null;
        }
        DiskStore.Spool open = disk.spool(plan.question().key(), stored);
        open.write(flight.body().whole());
        return open;
    }

    /** Returns whether it is neither stored nor read by anybody. */
    boolean useless() {
        return spool == null && flight.body().overflows() && !flight.followed();
    }

    /** They go to whom the body goes while it comes; nothing of them is stored (RFC 9111 section 3.1). */
    void trailers(Fields fields) {
        flight.body().trailers(fields, withheld);
    }

    void complete() {
        begin();
        SharedBody body = flight.body();
        CacheKey key = plan.question().key();
        DiskStore.Spool open = spool;
        boolean whole = declared < 0 || body.length() == declared;
        if (whole && !body.overflows()) {
            cache.keep(key, stored.with(new Body.Bytes(body.whole())), plan.generation());
        } else if (whole && open != null) {
            spool = null;
            open.finish(response -> cache.keep(key, response, plan.generation()));
        } else if (body.overflows()) {
            discard();
            if (!body.crowdedOut() && !flight.lonely()) {
                cache.flights().unshareable(key, cache.clock().millis());
            }
        }
        body.finish();
        flight.over();
        flight.tell();
    }

    /** The rest does not come. */
    void broken(Failure why) {
        discard();
        flight.body().breakOff(why);
        flight.over();
        flight.tell();
    }

    /** Stores nothing of it. */
    void discard() {
        DiskStore.Spool open = spool;
        if (open != null) {
            open.abort();
            spool = null;
        }
    }
}
