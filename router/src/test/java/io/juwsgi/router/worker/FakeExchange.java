package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An exchange without a connection: a test gives the request and looks at the answer when it has ended. */
final class FakeExchange implements Exchange, Request, RequestBody, ResponseSink {
    private static final AtomicInteger IDS = new AtomicInteger();

    private final Executor loop;
    private final String method;
    private final String target;
    private final String id = String.format("%016x", IDS.incrementAndGet());
    private final Account account = new Account();
    private final CountDownLatch over = new CountDownLatch(1);
    private final CountDownLatch headSeen = new CountDownLatch(1);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final List<Runnable> endListeners = new ArrayList<>();
    private long bodyLength;
    private byte[] wholeBody;
    private Runnable writableListener = () -> {};
    private boolean writable = true;
    private boolean ended;
    private int pauses;
    private Receiver receiver;
    volatile Response head;
    volatile Failure failure;
    volatile boolean bodyPaused;

    FakeExchange(Executor loop, String method, String target) {
        this.loop = loop;
        this.method = method;
        this.target = target;
    }

    /** Gives the request a body that is there from the start. */
    FakeExchange withBody(byte[] bytes) {
        bodyLength = bytes.length;
        wholeBody = bytes;
        return this;
    }

    /** Gives the request a body that the test sends with {@link #sendBody}. */
    FakeExchange withStreamedBody(long length) {
        bodyLength = length;
        return this;
    }

    void sendBody(byte[] bytes) {
        loop.execute(() -> receiver.data(Chunk.of(bytes)));
    }

    void endBody() {
        loop.execute(() -> receiver.end());
    }

    void failBody(Failure why) {
        loop.execute(() -> receiver.failed(why));
    }

    /** The client closes its connection. */
    void clientGone() {
        loop.execute(this::finish);
    }

    void writable(boolean value) {
        loop.execute(() -> {
            writable = value;
            if (value) {
                writableListener.run();
            }
        });
    }

    FakeExchange awaitEnd() {
        await(over, "the exchange's end");
        return this;
    }

    FakeExchange awaitHead() {
        await(headSeen, "the response's head");
        return this;
    }

    private static void await(CountDownLatch latch, String what) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).as(what).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String text() {
        return received.toString(StandardCharsets.ISO_8859_1);
    }

    int receivedBytes() {
        return received.size();
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    int pauses() {
        return pauses;
    }

    // ---- exchange

    @Override
    public String id() {
        return id;
    }

    @Override
    public Request request() {
        return this;
    }

    @Override
    public RequestBody body() {
        return this;
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public Executor eventLoop() {
        return loop;
    }

    @Override
    public void fail(Failure why) {
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

    // ---- response

    @Override
    public void head(Response response) {
        if (!ended) {
            assertThat(head).as("head given before").isNull();
            head = response;
            headSeen.countDown();
        }
    }

    @Override
    public void data(Chunk chunk) {
        if (!ended) {
            assertThat(head).as("head before data").isNotNull();
            byte[] bytes = new byte[chunk.size()];
            chunk.bytes().get(bytes);
            received.writeBytes(bytes);
        }
        chunk.release();
    }

    @Override
    public void file(FileRegion region) {
        try (var channel = region.channel()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) region.count());
            int at = 0;
            while (bytes.hasRemaining() && at >= 0) {
                at = channel.read(bytes, region.position() + bytes.position());
            }
            received.writeBytes(bytes.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void end() {
        finish();
    }

    @Override
    public boolean writable() {
        return writable;
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    // ---- body

    @Override
    public long length() {
        return bodyLength;
    }

    @Override
    public void read(Receiver to) {
        receiver = to;
        if (wholeBody != null) {
            to.data(Chunk.of(wholeBody));
            to.end();
        }
    }

    @Override
    public void pause() {
        bodyPaused = true;
        pauses++;
    }

    @Override
    public void resume() {
        bodyPaused = false;
    }

    // ---- request

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String path() {
        return target;
    }

    @Override
    public String query() {
        return "";
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public String scheme() {
        return "http";
    }

    @Override
    public String host() {
        return "test";
    }

    @Override
    public Fields fields() {
        return Fields.of("Host", "test");
    }

    @Override
    public String remoteAddress() {
        return "127.0.0.1";
    }

    @Override
    public int modifier1() {
        return 0;
    }

    @Override
    public int modifier2() {
        return 0;
    }

    @Override
    public void variables(VariableSink sink) {
        if (target.equals("/broken")) {
            throw new IllegalStateException("no variables for this request");
        }
        sink.variable("REQUEST_METHOD", method);
        sink.variable("PATH_INFO", target);
    }
}
