package io.juwsgi.cache;

import io.juwsgi.cache.CacheStatus.Forward;
import io.juwsgi.cache.rule.CacheControl;
import io.juwsgi.cache.rule.Variation;
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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The cache's own exchange with the application. It outlives the client that caused it, when others wait for the response or
 * it is being stored. A response takes one of four ways: to the first client alone, into a {@link Fill}, as a confirmation of
 * what is stored, or nowhere, when what is stored was better. Owned by the event loop of that client.
 */
final class Fetch extends ForwardingExchange implements ResponseSink {
    private final HttpCache cache;
    private final Flight flight;
    private final Plan plan;
    private final Account account;
    private final List<Runnable> endListeners = new ArrayList<>(2);
    private @Nullable Runnable writableListener;
    private boolean ended;

    /** The client that has the response to itself. */
    private @Nullable Exchange direct;
    /** A response that may be stored. */
    private @Nullable Fill fill;
    /** The application's 304, which is answered at its end. */
    private @Nullable Response confirmed;
    /** Whether the response is of no use to anybody. */
    private boolean swallowed;

    Fetch(HttpCache cache, Flight flight, Plan plan) {
        super(plan.question().exchange());
        this.cache = cache;
        this.flight = flight;
        this.plan = plan;
        account =
                flight.background() ? new Account() : plan.question().exchange().account();
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

    /** Nobody waits for this any more; what is being stored is completed. */
    void cancel() {
        Fill into = fill;
        if (into == null || !into.begun() || into.useless()) {
            if (into != null) {
                into.discard();
            }
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
        Fill into = fill;
        if (client != null) {
            client.fail(failure);
        } else if (into != null && into.begun()) {
            into.broken(failure);
        } else if (!swallowed && !serveStale(plan.question().rule().graceSeconds(), failure.status())) {
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

    /** Hints are for whom the response may turn out to be for alone: the first client, while it waits. */
    @Override
    public void interim(Response head) {
        Question first = flight.first();
        if (first != null && !ended() && !first.exchange().ended()) {
            first.exchange().response().interim(head);
        }
    }

    @Override
    public void head(Response head) {
        if (ended()) {
            return;
        }
        if (plan.asked() && head.status() == 304) {
            confirmed = head;
        } else if (isError(head.status()) && serveStale(0, head.status())) {
            swallowed = true;
        } else {
            fill = Fill.of(cache, flight, plan, head);
            if (fill == null) {
                hand(head);
            }
        }
    }

    /** RFC 5861 section 4. */
    private static boolean isError(int status) {
        return status == 500 || status == 502 || status == 503 || status == 504;
    }

    /** The response is not for others: the first client has it, as it comes. */
    private void hand(Response head) {
        fill = null;
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
        CacheControl control = plan.question().policy().control(head.fields());
        Variation variation = Variation.of(
                plan.request().fields(), head.fields(), plan.question().normalisation());
        boolean worthWaiting = head.status() == 304
                && variation != null
                && (control.maxAge() > 0 || plan.question().policy().ttl() > 0)
                && plan.question().policy().keeps(head.fields(), control);
        if (worthWaiting && variation != null) {
            cache.flights().shareable(plan.question().key(), variation);
        } else {
            forget();
        }
    }

    @Override
    public void data(Chunk chunk) {
        Exchange client = direct;
        if (client != null) {
            client.response().data(chunk);
            return;
        }
        Fill into = fill;
        if (!ended && into != null) {
            byte[] bytes = new byte[chunk.size()];
            chunk.bytes().get(bytes);
            append(into, bytes);
        }
        chunk.release();
    }

    private void append(Fill into, byte[] bytes) {
        into.append(bytes);
        if (into.useless()) {
            cancel();
        }
    }

    @Override
    public void file(FileRegion region) {
        Fill into = fill;
        if (into != null && !into.begun()) {
            // Sent by the kernel: its bytes are not seen here, and it is as quick as the cache.
            hand(into.original());
        }
        Exchange client = direct;
        if (client != null) {
            client.response().file(region);
            return;
        }
        try {
            if (into != null && into.begun() && !ended) {
                // A file behind bytes that others have got already: rare, and then as if it were bytes.
                append(into, bytes(region));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading a file of a response", e);
        } finally {
            region.close();
        }
    }

    private static byte[] bytes(FileRegion region) throws IOException {
        ByteBuffer rest = ByteBuffer.allocate(Math.toIntExact(Math.min(region.count(), Integer.MAX_VALUE / 2)));
        FileChannel channel = region.channel();
        while (rest.hasRemaining() && channel.read(rest, region.position() + rest.position()) > 0) {}
        return Arrays.copyOf(rest.array(), rest.position());
    }

    @Override
    public void trailers(Fields trailers) {
        Exchange client = direct;
        Fill into = fill;
        if (client != null) {
            client.response().trailers(trailers);
        } else if (into != null && !ended) {
            into.trailers(trailers);
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
        Fill into = fill;
        if (client != null) {
            client.response().end();
        } else if (answer != null && stale != null) {
            new Renewal(cache, flight, plan, stale).by(answer);
        } else if (into != null) {
            into.complete();
        }
        finish();
    }

    @Override
    public boolean writable() {
        Exchange client = direct;
        if (client != null) {
            return client.response().writable();
        }
        Fill into = fill;
        return !ended && (into == null || !into.begun() || flight.writable());
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
