package io.juwsgi.testkit;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An exchange without a connection: a test is the client, gives the request and looks at the response. It watches over the
 * rules of the SPI: {@link #awaitEnd}, {@link #awaitHead} and {@link #violations} tell how they were broken.
 *
 * <p>What the SPI defines belongs to the event loop; the methods of this class beyond that are the test's and may be
 * called on any thread.
 */
public final class TestExchange implements Exchange {
    private static final AtomicLong IDS = new AtomicLong();

    private final Request request;
    private final Executor loop;
    private final Rules rules;
    private final String id = String.format("%016x", IDS.incrementAndGet());
    private final Account account = new Account();
    private final List<Runnable> endListeners = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final RecordedResponse response;
    private GivenBody body;
    private volatile boolean ended;
    private volatile boolean complete;
    private volatile @Nullable Failure failure;

    private TestExchange(Request request, Executor loop) {
        this.request = request;
        this.loop = loop;
        this.rules = new Rules(loop);
        this.body = new GivenBody(rules, 0);
        this.response = new RecordedResponse(rules, new RecordedResponse.Ending() {
            @Override
            public boolean ended() {
                return ended;
            }

            @Override
            public void complete() {
                complete = true;
                finish();
            }
        });
    }

    /** Returns an exchange without a body, whose event loop is whatever thread calls. */
    public static TestExchange of(Request request) {
        return of(request, Runnable::run);
    }

    /** Returns an exchange without a body on an event loop; with a {@link TestLoop} it notes calls on other threads. */
    public static TestExchange of(Request request, Executor loop) {
        return new TestExchange(request, loop);
    }

    // ---- the client's side

    /** Gives the request a body that is there from the start; returns this. Before the exchange begins. */
    public TestExchange body(byte[] bytes) {
        body = new GivenBody(rules, bytes.length);
        if (bytes.length > 0) {
            body.data(bytes);
            body.end();
        }
        return this;
    }

    /** Gives the request a body in UTF-8; returns this. Before the exchange begins. */
    public TestExchange body(String text) {
        return body(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Gives the request a body that comes with {@link #sendBody} and {@link #endBody}; returns this. Before the exchange
     * begins.
     *
     * @param length what the client says, -1 when it does not say
     */
    public TestExchange streamedBody(long length) {
        body = new GivenBody(rules, length);
        return this;
    }

    /** The client sends a part of its body. */
    public void sendBody(byte[] bytes) {
        loop.execute(() -> body.data(bytes));
    }

    /** The client has sent its body. */
    public void endBody() {
        loop.execute(body::end);
    }

    /** The client has sent its body, and fields behind it. */
    public void endBody(Fields trailers) {
        loop.execute(() -> body.end(trailers));
    }

    /** The client's body breaks. */
    public void failBody(Failure why) {
        loop.execute(() -> body.failed(why));
    }

    /** The client closes its connection. */
    public void clientGone() {
        loop.execute(this::finish);
    }

    /** The client becomes too slow for what it is sent, or ready for more. */
    public void writable(boolean value) {
        loop.execute(() -> response.writable(value));
    }

    // ---- what the test looks at

    /** Waits for the end of the exchange; returns this. */
    public TestExchange awaitEnd() {
        Waiting.await(over, "the end of " + request.method() + " " + request.target());
        return checked();
    }

    /** Waits for the response's head; returns this. */
    public TestExchange awaitHead() {
        Waiting.await(response.headSeen(), "the head for " + request.method() + " " + request.target());
        return checked();
    }

    private TestExchange checked() {
        if (!violations().isEmpty()) {
            throw new AssertionError(String.join("; ", violations()));
        }
        return this;
    }

    /** Returns which rules of the SPI were broken so far, a line each. */
    public List<String> violations() {
        return rules.all();
    }

    /** Returns a chunk for the response that this exchange watches, as it does those of the request's body. */
    public Chunk chunk(byte[] bytes) {
        return rules.tracked(Chunk.of(bytes));
    }

    /** Returns how many watched chunks nobody has released. */
    public int heldChunks() {
        return rules.held();
    }

    /**
     * Returns the response's head.
     *
     * @throws AssertionError when there is none
     */
    public Response head() {
        Response head = response.head();
        if (head == null) {
            throw new AssertionError("no response; failure: " + failure);
        }
        return head;
    }

    /** Returns whether the response's head has come. */
    public boolean hasHead() {
        return response.head() != null;
    }

    /** Returns the status for the client: that of the response, or else of the failure. */
    public int status() {
        Failure failed = failure;
        return failed != null && !hasHead() ? failed.status() : head().status();
    }

    /** Returns the value of the response's first field called {@code name}, or null. */
    public @Nullable String field(String name) {
        return head().fields().first(name);
    }

    /** Returns the heads that came before the response's, such as 103. */
    public List<Response> interims() {
        return response.interims();
    }

    /** Returns the fields behind the response's body that a client would get. */
    public Fields trailers() {
        return response.trailers();
    }

    /** Returns the response's body so far. */
    public byte[] bytes() {
        return response.body();
    }

    /** Returns how many bytes of the response's body have come. */
    public int size() {
        return response.size();
    }

    /** Returns the response's body so far, read as UTF-8. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Returns whether the response came whole. */
    public boolean complete() {
        return complete;
    }

    /** Returns why the exchange failed, or null when it did not. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** Returns whether the handler has asked for no more of the body. */
    public boolean bodyPaused() {
        return body.paused();
    }

    /** Returns how often the handler has asked for no more of the body. */
    public int pauses() {
        return body.pauses();
    }

    // ---- the SPI

    @Override
    public String id() {
        return id;
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    @Override
    public ResponseSink response() {
        return response;
    }

    @Override
    public Executor eventLoop() {
        return loop;
    }

    @Override
    public void fail(Failure why) {
        rules.onLoop("fail");
        if (!ended) {
            failure = why;
            account.why(why.why());
            finish();
        }
    }

    private void finish() {
        if (ended) {
            return;
        }
        ended = true;
        List<Runnable> listeners = List.copyOf(endListeners);
        endListeners.clear();
        listeners.forEach(Runnable::run);
        over.countDown();
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void onEnd(Runnable listener) {
        rules.onLoop("onEnd");
        if (ended) {
            listener.run();
        } else {
            endListeners.add(listener);
        }
    }

    @Override
    public Account account() {
        return account;
    }
}
