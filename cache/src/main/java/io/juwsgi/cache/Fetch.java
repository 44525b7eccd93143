package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.EntityTags;
import io.juwsgi.cache.rule.Freshness;
import io.juwsgi.cache.rule.Variation;
import io.juwsgi.cache.store.Body;
import io.juwsgi.cache.store.CacheKey;
import io.juwsgi.cache.store.DiskStore;
import io.juwsgi.cache.store.StoredResponse;
import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.ForwardingExchange;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.exchange.WebSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cache's own exchange with the application. It outlives the client that caused it, when others wait for the response or
 * it is being stored. Owned by the event loop of that client.
 */
final class Fetch extends ForwardingExchange implements ResponseSink {
    private final HttpCache cache;
    private final Flight flight;
    private final Plan plan;
    private final long generation;
    private final long requestMillis;
    private final Account account;
    private final List<Runnable> endListeners = new ArrayList<>(2);
    private @Nullable Runnable writableListener;
    private boolean ended;

    /** The client that has the response to itself. */
    private @Nullable Exchange direct;
    /** The application's 304, which is answered at its end. */
    private @Nullable Response confirmed;
    /** Whether the response is of no use to anybody. */
    private boolean swallowed;
    /** A head that may be stored; it is shared with the first byte behind it, since a file is not. */
    private @Nullable Response held;

    private @Nullable StoredResponse stored;
    private boolean shared;
    private DiskStore.@Nullable Spool spool;
    private boolean spooled;
    private long declared = -1;

    /**
     * What is asked, and why.
     *
     * @param request what the application gets
     * @param asked whether the request has the cache's own conditions
     * @param stale what is stored and may not be used as it is, or null
     * @param withoutConditions whether conditions of the client were left out
     * @param noStore whether nothing is to be stored
     */
    record Plan(
            Question question,
            Request request,
            Forward why,
            boolean asked,
            @Nullable StoredResponse stale,
            boolean withoutConditions,
            boolean noStore) {}

    Fetch(HttpCache cache, Flight flight, Plan plan, boolean background) {
        super(plan.question().exchange());
        this.cache = cache;
        this.flight = flight;
        this.plan = plan;
        account = background ? new Account() : plan.question().exchange().account();
        generation = cache.store().generation(plan.question().key());
        requestMillis = cache.clock().millis();
    }

    Forward why() {
        return plan.why();
    }

    boolean withoutConditions() {
        return plan.withoutConditions();
    }

    // ---- the exchange, as the rest of the chain sees it

    @Override
    public Request request() {
        return plan.request();
    }

    @Override
    public RequestBody body() {
        return NoBody.INSTANCE;
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public Optional<WebSocketChannel> webSocket(List<String> protocols, WebSocketChannel.Receiver receiver) {
        return Optional.empty();
    }

    @Override
    public boolean ended() {
        Exchange client = direct;
        return ended || (client != null && client.ended());
    }

    @Override
    public void onEnd(Runnable listener) {
        if (ended()) {
            listener.run();
        } else {
            endListeners.add(listener);
        }
    }

    private void finish() {
        if (!ended) {
            ended = true;
            List<Runnable> all = List.copyOf(endListeners);
            endListeners.clear();
            all.forEach(Runnable::run);
        }
    }

    /** Nobody waits for this any more. */
    void cancel() {
        if (!shared || flight.body().overflows()) {
            discardSpool();
            flight.over();
            finish();
        }
    }

    @Override
    public void fail(Failure failure) {
        if (ended()) {
            return;
        }
        Exchange client = direct;
        if (client != null) {
            client.fail(failure);
        } else if (shared) {
            discardSpool();
            flight.body().finish(false);
            flight.over();
            flight.tell();
        } else if (!swallowed && !serveStale(cache.settings().grace().toSeconds(), failure.status())) {
            forget();
            Question first = flight.release();
            if (first != null) {
                first.exchange().fail(failure);
            }
        }
        finish();
    }

    private void forget() {
        if (!flight.lonely()) {
            cache.flights().unshareable(plan.question().key(), cache.clock().millis());
        }
    }

    /** Answers everybody who takes it with the stale response, because the application failed. */
    private boolean serveStale(long grace, int status) {
        StoredResponse stale = plan.stale();
        long now = cache.clock().millis();
        if (stale == null || !stale.freshness().usableOnError(plan.question().wish(), now, grace)) {
            return false;
        }
        cache.counters().staleOnError.increment();
        flight.serve(
                stale,
                why().field() + "; fwd-status=" + status,
                question -> stale.freshness().usableOnError(question.wish(), now, grace));
        return true;
    }

    // ---- the response

    @Override
    public void head(Response head) {
        if (ended()) {
            return;
        }
        if (plan.asked() && head.status() == 304) {
            confirmed = head;
        } else if (isError(head.status()) && serveStale(0, head.status())) {
            swallowed = true;
        } else if (mayStore(head)) {
            held = head;
        } else {
            hand(head);
        }
    }

    /** RFC 5861 section 4. */
    private static boolean isError(int status) {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }

    private boolean mayStore(Response head) {
        long now = cache.clock().millis();
        Freshness freshness = plan.noStore() ? null : cache.policy().judge(plan.request(), head, requestMillis, now);
        Variation variation =
                freshness == null ? null : Variation.of(plan.request().fields(), head.fields(), cache.normalisation());
        String length = head.fields().first("content-length");
        declared = length == null ? -1 : CacheControl.seconds(length);
        if (freshness == null
                || variation == null
                || declared > cache.settings().largest()) {
            return false;
        }
        Fields kept = StoredResponse.kept(
                head.fields(), cache.policy().control(head.fields()).withheld(), now);
        stored = StoredResponse.of(head.status(), head.reason(), kept, variation, freshness);
        cache.learnSearch(plan.question().key(), head.fields());
        return true;
    }

    /** The response is not for others: the first client has it, as it comes. */
    private void hand(Response head) {
        stored = null;
        learn(head);
        Question first = flight.release();
        if (first == null || first.exchange().ended()) {
            swallowed = true;
            finish();
            return;
        }
        Exchange client = first.exchange();
        direct = client;
        client.onEnd(this::finish);
        if (writableListener != null) {
            client.response().onWritable(writableListener);
        }
        head.fields().add(CacheStatus.FIELD, why().field());
        client.response().head(head);
    }

    /** A client's own 304 says that the whole response could have been shared; everything else that it could not. */
    private void learn(Response head) {
        CacheControl control = cache.policy().control(head.fields());
        Variation variation = Variation.of(plan.request().fields(), head.fields(), cache.normalisation());
        boolean worthWaiting = head.status() == 304
                && variation != null
                && control.maxAge() > 0
                && cache.policy().keeps(head.fields(), control);
        if (worthWaiting && variation != null) {
            cache.flights().shareable(plan.question().key(), variation);
        } else {
            forget();
        }
    }

    private void share() {
        Response original = held;
        StoredResponse made = stored;
        if (original != null && made != null) {
            held = null;
            shared = true;
            cache.flights().shareable(plan.question().key(), made.variation());
            flight.share(made, original, declared);
        }
    }

    @Override
    public void data(Chunk chunk) {
        Exchange client = direct;
        if (client != null) {
            client.response().data(chunk);
            return;
        }
        if (!ended && confirmed == null && !swallowed) {
            byte[] bytes = new byte[chunk.size()];
            chunk.bytes().get(bytes);
            append(bytes);
        }
        chunk.release();
    }

    private void append(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        share();
        flight.body().append(bytes);
        spool(bytes);
        flight.tell();
    }

    /** What is too large for memory goes into a file, as long as it is not too large for that. */
    private void spool(byte[] bytes) {
        DiskStore disk = cache.disk();
        StoredResponse made = stored;
        if (disk == null || made == null || !flight.body().overflows()) {
            return;
        }
        DiskStore.Spool open = spool;
        if (flight.body().length() > cache.settings().largest()) {
            discardSpool();
        } else if (open != null) {
            open.write(bytes);
        } else if (!spooled) {
            spooled = true;
            open = disk.spool(plan.question().key(), made);
            open.write(flight.body().whole());
            spool = open;
        }
    }

    private void discardSpool() {
        DiskStore.Spool open = spool;
        if (open != null) {
            open.abort();
            spool = null;
        }
    }

    @Override
    public void file(FileRegion region) {
        Response head = held;
        if (head != null) {
            // Sent by the kernel: its bytes are not seen here, and it is as quick as the cache.
            held = null;
            hand(head);
        }
        Exchange client = direct;
        if (client != null) {
            client.response().file(region);
            return;
        }
        try {
            var channel = region.channel();
            if (shared && !ended) {
                // A file behind bytes that others have got already: rare, and then as if it were bytes.
                var rest =
                        java.nio.ByteBuffer.allocate(Math.toIntExact(Math.min(region.count(), Integer.MAX_VALUE / 2)));
                while (rest.hasRemaining() && channel.read(rest, region.position() + rest.position()) > 0) {}
                append(java.util.Arrays.copyOf(rest.array(), rest.position()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading a file of a response", e);
        } finally {
            region.close();
        }
    }

    @Override
    public void end() {
        if (ended()) {
            return;
        }
        Exchange client = direct;
        Response answer = confirmed;
        StoredResponse stale = plan.stale();
        if (client != null) {
            client.response().end();
        } else if (answer != null && stale != null) {
            renew(answer, stale);
        } else if (!swallowed) {
            complete();
        }
        finish();
    }

    private void complete() {
        share();
        StoredResponse made = stored;
        SharedBody body = flight.body();
        boolean whole = declared < 0 || body.length() == declared;
        if (made != null && whole && !body.overflows()) {
            cache.keep(plan.question().key(), made.with(new Body.Bytes(body.whole())), generation);
        } else if (whole && made != null && spool != null) {
            DiskStore.Spool open = spool;
            CacheKey key = plan.question().key();
            spool = null;
            open.finish(response -> cache.keep(key, response, generation));
        } else if (body.overflows()) {
            discardSpool();
            forget();
        }
        body.finish(true);
        flight.over();
        flight.tell();
    }

    /** RFC 9111 section 4.3.4: a 304 about another representation says nothing of the stored one. */
    private void renew(Response answer, StoredResponse stale) {
        String tag = answer.fields().first("etag");
        String known = stale.fields().first("etag");
        if (tag != null && known != null && !EntityTags.same(tag, known)) {
            cache.purges().changed(plan.question().key());
            Question first = flight.release();
            if (first != null) {
                first.exchange()
                        .fail(Failure.upstream(
                                502,
                                "bad-revalidation",
                                "The application confirmed another version than it was asked for."));
            }
            return;
        }
        StoredResponse renewed = renewed(answer, stale);
        CacheControl control = cache.policy().control(renewed.fields());
        boolean keeps = cache.policy().keeps(renewed.fields(), control);
        if (keeps) {
            cache.keep(plan.question().key(), renewed, generation);
        } else {
            cache.purges().changed(plan.question().key());
        }
        cache.counters().confirmed.increment();
        Question first = plan.question();
        flight.serve(renewed, why().field() + "; fwd-status=304", question -> keeps || question.equals(first));
    }

    private StoredResponse renewed(Response answer, StoredResponse stale) {
        long now = cache.clock().millis();
        CacheControl told = cache.policy().control(answer.fields());
        Fields fields = stale.renewedBy(answer.fields(), told.withheld(), now);
        CacheControl control = cache.policy().control(fields);
        Freshness freshness = Freshness.of(fields, answer.fields().first("age"), control, requestMillis, now);
        return stale.with(fields, freshness);
    }

    @Override
    public boolean writable() {
        Exchange client = direct;
        if (client != null) {
            return client.response().writable();
        }
        return !ended && (!shared || flight.writable());
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
        Exchange client = direct;
        if (client != null) {
            client.response().onWritable(listener);
        }
    }

    /** A client has taken something of a response that cannot be kept. */
    void resume() {
        Runnable listener = writableListener;
        if (!ended && listener != null && flight.writable()) {
            listener.run();
        }
    }

    /** A request without a body. */
    private enum NoBody implements RequestBody {
        INSTANCE;

        @Override
        public long length() {
            return 0;
        }

        @Override
        public void read(Receiver receiver) {
            receiver.end();
        }

        @Override
        public void pause() {
            // Nothing comes.
        }

        @Override
        public void resume() {
            // Nothing comes.
        }
    }
}
