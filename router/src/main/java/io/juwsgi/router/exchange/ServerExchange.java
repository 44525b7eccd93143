package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Account;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.ResponseSink;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One exchange on a client's connection, whatever its protocol. Owned by the connection's event loop.
 *
 * <p>A response's head and first chunk are held back until the end of the event loop's turn: when the response is
 * complete by then it leaves with a Content-Length, as one buffer when it is small, otherwise it starts to stream.
 */
public final class ServerExchange implements Exchange, ResponseSink {
    private static final System.Logger LOG = System.getLogger(ServerExchange.class.getName());

    private enum State {
        /** No head was given. */
        NEW,
        /** A head was given and nothing was written. */
        HELD,
        /** The head was written. */
        STREAMING,
        ENDED
    }

    private final ClientStream stream;
    private final ServerRequest request;
    private final InboundBody body;
    private final Account account = new Account();
    private final String id;
    private final long startNanos = System.nanoTime();
    private long endNanos;
    private State state = State.NEW;
    private @Nullable Response head;
    private @Nullable ByteBuf held;
    private final ResponseLength length = new ResponseLength();
    private int status;
    private boolean fileSent;
    private boolean gone;
    private final ResponseTrailers trailers;
    private @Nullable Runnable writableListener;
    private final EndListeners endListeners = new EndListeners();

    /**
     * Makes an exchange.
     *
     * @param stream writes the response; of this exchange alone
     */
    public ServerExchange(ClientStream stream, ServerRequest request, InboundBody body) {
        this.stream = stream;
        this.request = request;
        this.body = body;
        this.id = stream.loop().nextId();
        this.trailers = new ResponseTrailers(stream, request, length);
    }

    /** Gives this exchange to its handler; what the handler throws becomes a 500 answer. */
    public void handle(Handler handler) {
        try {
            handler.handle(this);
        } catch (RuntimeException | Error e) {
            bug(e);
        }
    }

    /** Answers 500 for a fault of ours, with one line in the log. */
    public void bug(Throwable e) {
        report(e);
        fail(Failure.gateway(500, "exception", "The server failed while it answered this request."));
    }

    private void report(Throwable e) {
        if (!stream.front().dispatcher().blame(id, e)) {
            LOG.log(Level.ERROR, "request=" + id + " " + request.method() + " failed: " + e, e);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public ServerRequest request() {
        return request;
    }

    @Override
    public RequestBody body() {
        return body;
    }

    /** Returns the body as the connection sees it. */
    public InboundBody inbound() {
        return body;
    }

    @Override
    public ResponseSink response() {
        return this;
    }

    @Override
    public Executor eventLoop() {
        return stream.loop().eventLoop();
    }

    @Override
    public Account account() {
        return account;
    }

    @Override
    public boolean ended() {
        return state == State.ENDED;
    }

    @Override
    public void onEnd(Runnable listener) {
        if (state == State.ENDED) {
            listener.run();
        } else {
            endListeners.add(listener);
        }
    }

    @Override
    public void head(Response head) {
        if (state == State.ENDED) {
            return;
        }
        if (state != State.NEW) {
            throw new IllegalStateException("response head: " + head.status() + " after " + status);
        }
        this.head = head;
        status = head.status();
        state = State.HELD;
        if (!length.declare(head.fields())) {
            fail(Failure.upstream(500, "bad-response-length", "The application sent a response that is not valid."));
            return;
        }
        stream.requestFlush();
    }

    @Override
    public void interim(Response head) {
        if (state == State.ENDED) {
            return;
        }
        if (state != State.NEW || head.status() < 102 || head.status() > 199) {
            throw new IllegalStateException("interim response: " + head.status() + " after " + status
                    + " (expected: 102 to 199 before the head)");
        }
        stream.interim(head);
        stream.requestFlush();
    }

    @Override
    public void data(Chunk chunk) {
        if (state == State.ENDED || chunk.size() == 0) {
            chunk.release();
            return;
        }
        if (state == State.NEW) {
            chunk.release();
            throw new IllegalStateException("response data: before the head");
        }
        ByteBuf bytes = NettyChunk.buffer(chunk);
        if (state == State.HELD) {
            if (held == null) {
                held = bytes;
                return;
            }
            commit(-1);
        }
        if (state == State.STREAMING) {
            writeBody(bytes);
        } else {
            bytes.release();
        }
    }

    @Override
    public void file(FileRegion region) {
        if (state == State.NEW) {
            region.close();
            throw new IllegalStateException("response file: before the head");
        }
        if (state == State.HELD) {
            commit(-1);
        }
        long count = state == State.STREAMING ? length.allowed(region.count()) : 0;
        if (count == 0) {
            region.close();
            return;
        }
        fileSent = true;
        stream.file(region, count);
        stream.requestFlush();
    }

    @Override
    public void trailers(Fields fields) {
        if (state != State.ENDED) {
            trailers.set(fields);
        }
    }

    @Override
    public void end() {
        if (state == State.ENDED) {
            return;
        }
        if (state == State.NEW) {
            throw new IllegalStateException("response end: before the head");
        }
        if (state == State.HELD) {
            trailers.announce(Objects.requireNonNull(head));
            commit(held == null ? 0 : held.readableBytes());
            if (state == State.ENDED) {
                return;
            }
        }
        boolean tooShort = length.missing();
        if (tooShort) {
            account.why("response-too-short");
        } else {
            trailers.end();
        }
        stream.requestFlush();
        finish(tooShort);
    }

    /** Writes what is held back: the response did not end within the event loop's turn. */
    public void commitHeld() {
        if (state == State.HELD) {
            commit(-1);
        }
    }

    /**
     * Decides about the body's length and writes the head with what is held back of the body.
     *
     * @param wholeLength the length of the whole body, -1 when it is not known
     */
    private void commit(long wholeLength) {
        Response response = Objects.requireNonNull(head);
        length.decide(request.method(), response.status(), wholeLength);
        long told = trailers.mayFollow(response) ? -1 : length.told(response.status());
        ByteBuf first = held;
        held = null;
        ByteBuf content = first == null ? null : length.allowed(first);
        if (stream.head(response, length.bodiless(), told, content)) {
            state = State.STREAMING;
        } else {
            state = State.NEW;
            length.decide(request.method(), response.status(), -1);
            fail(Failure.upstream(500, "bad-response-head", "The application sent a response that is not valid."));
        }
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    private void writeBody(ByteBuf bytes) {
        ByteBuf allowed = length.allowed(bytes);
        if (allowed != null) {
            stream.data(allowed);
            stream.requestFlush();
        }
    }

    @Override
    public Optional<WebSocketChannel> webSocket(List<String> protocols, WebSocketChannel.Receiver receiver) {
        if (state == State.ENDED) {
            return Optional.empty();
        }
        if (state != State.NEW) {
            throw new IllegalStateException("WebSocket: after a response with " + status);
        }
        WebSocketChannel made = stream.webSocket(this, protocols, receiver);
        if (made != null) {
            state = State.STREAMING;
            status = 101;
        }
        return Optional.ofNullable(made);
    }

    @Override
    public Optional<TunnelChannel> tunnel(Response head, TunnelChannel.Receiver receiver) {
        if (state == State.ENDED) {
            return Optional.empty();
        }
        if (state != State.NEW) {
            throw new IllegalStateException("tunnel: after a response with " + status);
        }
        TunnelChannel made = stream.tunnel(this, head, receiver);
        if (made != null) {
            state = State.STREAMING;
            status = 101;
        }
        return Optional.ofNullable(made);
    }

    /** Counts what a WebSocket or a tunnel sends. */
    public void sent(int bytes) {
        var _ = length.allowed(bytes);
    }

    /** Ends an exchange whose WebSocket or tunnel has ended. */
    public void webSocketEnded() {
        finish(false);
    }

    @Override
    public boolean writable() {
        return state != State.ENDED && stream.writable();
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    /** Hears that the stream is writable again. */
    public void becameWritable() {
        if (writableListener != null && state != State.ENDED) {
            writableListener.run();
        }
    }

    @Override
    public void fail(Failure failure) {
        // Who is gone gets no page, and whoever fails for want of a body is not to blame.
        if (state == State.ENDED || gone) {
            return;
        }
        if (account.why() == null) {
            account.why(failure.why());
        }
        stream.front().counters().failures.increment();
        if (state == State.STREAMING) {
            finish(true);
            return;
        }
        releaseHeld();
        trailers.forget();
        state = State.NEW;
        ErrorPages pages = stream.front().pages();
        head(pages.head(failure));
        data(Chunk.of(pages.body(failure, id)));
        end();
    }

    /** Says that the client can get no answer any more. */
    public void clientGone() {
        if (state == State.ENDED) {
            return;
        }
        if (account.why() == null) {
            account.why("client-gone");
        }
        if (state != State.STREAMING) {
            status = 499;
        }
        gone = true;
        body.fail(Failure.client(400, "client-gone", "The client closed the connection."));
        finish(true);
    }

    private void finish(boolean cut) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        endNanos = System.nanoTime();
        if (length.exceeded() && account.why() == null) {
            account.why("response-too-long");
        }
        releaseHeld();
        writableListener = null;
        TrafficCounters counters = stream.front().counters();
        counters.ended(status, endNanos - startNanos);
        counters.bytesOut.add(stream.headBytes() + length.written());
        endListeners.tell(this::report);
        body.close();
        stream.front().log().ended(this, stream.loop());
        stream.ended(this, cut);
    }

    private void releaseHeld() {
        release(held);
        held = null;
    }

    /** Returns the response's status, 0 when there was none. */
    public int status() {
        return status;
    }

    /** Returns how many fields the response's head had. */
    public int fieldCount() {
        return stream.fieldCount();
    }

    /** Returns the size of the response's head in bytes. */
    public int headBytes() {
        return stream.headBytes();
    }

    /** Returns how many bytes of body were handed to the socket, without chunk marks. */
    public long bodyBytes() {
        return length.written();
    }

    /** Returns whether a part of the body was sent from a file. */
    public boolean fileSent() {
        return fileSent;
    }

    /** Returns the time from the request's head to the response's end in nanoseconds. */
    public long elapsedNanos() {
        return endNanos - startNanos;
    }
}
