package io.juwsgi.router.exchange;

import io.juwsgi.router.exchange.ResponseEncoder.Framing;
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
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

    /** Up to this size a body is copied behind its head, so that one buffer is written. */
    private static final int COPIED_BODY = 16 * 1024;

    private enum State {
        /** No head was given. */
        NEW,
        /** A head was given and nothing was written. */
        HELD,
        /** The head was written. */
        STREAMING,
        ENDED
    }

    private final ClientConnection connection;
    private final ServerRequest request;
    private final WireStyle style;
    private final InboundBody body;
    private final Account account = new Account();
    private final String id;
    private final long startNanos = System.nanoTime();
    private long endNanos;
    private State state = State.NEW;
    private boolean keepAlive;
    private @Nullable Response head;
    private @Nullable ByteBuf held;
    private Framing framing = Framing.NONE;
    private long declaredLength = -1;
    private long remaining = -1;
    private int status;
    private int fieldCount;
    private int headBytes;
    private long bodyBytes;
    private boolean fileSent;
    private @Nullable Runnable writableListener;
    private @Nullable Runnable endListener;
    private @Nullable List<Runnable> moreEndListeners;

    /**
     * Makes an exchange.
     *
     * @param keepAlive whether the connection may serve another request after this one
     */
    public ServerExchange(
            ClientConnection connection, ServerRequest request, WireStyle style, InboundBody body, boolean keepAlive) {
        this.connection = connection;
        this.request = request;
        this.style = style;
        this.body = body;
        this.keepAlive = keepAlive;
        this.id = connection.loop().nextId();
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
    void bug(Throwable e) {
        report(e);
        fail(Failure.gateway(500, "exception", "The server failed while it answered this request."));
    }

    private void report(Throwable e) {
        if (!connection.front().dispatcher().blame(id, e)) {
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
        return connection.loop().eventLoop();
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
        } else if (endListener == null) {
            endListener = listener;
        } else {
            if (moreEndListeners == null) {
                moreEndListeners = new ArrayList<>(2);
            }
            moreEndListeners.add(listener);
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
        declaredLength = contentLength(head.fields());
        if (declaredLength < -1) {
            fail(Failure.upstream(500, "bad-response-length", "The application sent a response that is not valid."));
            return;
        }
        connection.requestFlush();
    }

    /** Returns the handler's Content-Length, -1 without one, -2 when it is no number or there are several. */
    private static long contentLength(Fields fields) {
        long length = -1;
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            if (name.length() == 14 && name.equalsIgnoreCase("content-length")) {
                if (length != -1) {
                    return -2;
                }
                length = number(fields.value(i));
            }
        }
        return length;
    }

    private static long number(String text) {
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || i > 17) {
                return -2;
            }
            value = value * 10 + (c - '0');
        }
        return text.isEmpty() ? -2 : value;
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
            commit();
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
            close(region);
            throw new IllegalStateException("response file: before the head");
        }
        if (state == State.HELD) {
            commit();
        }
        long count = state == State.STREAMING ? allowed(region.count()) : 0;
        if (count == 0) {
            close(region);
            return;
        }
        bodyBytes += count;
        fileSent = true;
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.before(connection.channel().alloc(), count));
        }
        connection.write(new DefaultFileRegion(region.channel(), region.position(), count));
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.after());
        }
        connection.requestFlush();
    }

    private static void close(FileRegion region) {
        try {
            region.channel().close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a file that was not sent", e);
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
            writeWhole();
            if (state == State.ENDED) {
                return;
            }
        } else if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.last());
        }
        connection.requestFlush();
        if (framing == Framing.LENGTH && remaining > 0) {
            account.why("response-too-short");
            finish(true);
        } else {
            finish(false);
        }
    }

    /** Writes what is held back: the response did not end within the event loop's turn. */
    void commitHeld() {
        if (state == State.HELD) {
            commit();
        }
    }

    private void commit() {
        ByteBuf first = held;
        held = null;
        ByteBuf out = encodeHead(-1, 0);
        if (out == null) {
            release(first);
            return;
        }
        state = State.STREAMING;
        connection.write(out);
        if (first != null) {
            writeBody(first);
        }
    }

    private void writeWhole() {
        ByteBuf content = held;
        held = null;
        int size = content == null ? 0 : content.readableBytes();
        boolean copy = size <= COPIED_BODY;
        ByteBuf out = encodeHead(size, copy ? size : 0);
        if (out == null) {
            release(content);
            return;
        }
        state = State.STREAMING;
        if (content == null || !copy) {
            connection.write(out);
            if (content != null) {
                writeBody(content);
            }
            return;
        }
        int count = (int) allowed(size);
        out.writeBytes(content, content.readerIndex(), count);
        content.release();
        bodyBytes += count;
        connection.write(out);
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }

    /**
     * Decides the framing and encodes the head.
     *
     * @param knownLength the length of the whole body, -1 when it is not known
     * @param room how many bytes of body are to be added
     * @return null when the head was not valid and the exchange has failed
     */
    private @Nullable ByteBuf encodeHead(long knownLength, int room) {
        Response response = Objects.requireNonNull(head);
        decideFraming(response.status(), knownLength);
        ResponseEncoder encoder = connection.loop().encoder();
        if (!encoder.begin(response)) {
            state = State.NEW;
            fail(Failure.upstream(500, "bad-response-head", "The application sent a response that is not valid."));
            return null;
        }
        if (framing == Framing.NONE && declaredLength >= 0 && response.status() != 204) {
            encoder.finish(Framing.LENGTH, declaredLength);
        } else {
            encoder.finish(framing, remaining);
        }
        if (style != WireStyle.UWSGI) {
            encoder.serverAndDate(connection.loop().dateLine());
            encoder.connection(keepAlive, style == WireStyle.HTTP_1_0);
        }
        encoder.emptyLine();
        headBytes = encoder.length();
        fieldCount = encoder.fieldCount();
        ByteBuf out = connection.channel().alloc().directBuffer(headBytes + room);
        return out.writeBytes(encoder.bytes(), 0, headBytes);
    }

    private void decideFraming(int code, long knownLength) {
        keepAlive = keepAlive && connection.mayPersist() && !asksToClose();
        if (code == 204 || code == 304 || request.method().equals("HEAD")) {
            framing = Framing.NONE;
        } else if (declaredLength >= 0 || knownLength >= 0) {
            framing = Framing.LENGTH;
            remaining = declaredLength >= 0 ? declaredLength : knownLength;
        } else if (style == WireStyle.HTTP_1_1) {
            framing = Framing.CHUNKED;
        } else {
            framing = Framing.CLOSE;
            keepAlive = false;
        }
    }

    private boolean asksToClose() {
        String wish = Objects.requireNonNull(head).fields().first("connection");
        return wish != null && wish.equalsIgnoreCase("close");
    }

    private void writeBody(ByteBuf bytes) {
        int count = (int) allowed(bytes.readableBytes());
        if (count == 0) {
            bytes.release();
            return;
        }
        bytes.writerIndex(bytes.readerIndex() + count);
        bodyBytes += count;
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.before(connection.channel().alloc(), count));
            connection.write(bytes);
            connection.write(ChunkMarks.after());
        } else {
            connection.write(bytes);
        }
        connection.requestFlush();
    }

    /** Returns how many of {@code count} body bytes the framing lets through, and takes them off the rest. */
    private long allowed(long count) {
        return switch (framing) {
            case NONE -> 0;
            case LENGTH -> {
                long taken = Math.min(count, remaining);
                remaining -= taken;
                if (taken < count) {
                    account.why("response-too-long");
                }
                yield taken;
            }
            case CHUNKED, CLOSE -> count;
        };
    }

    @Override
    public boolean writable() {
        return state != State.ENDED && connection.channel().isWritable();
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    void becameWritable() {
        if (writableListener != null && state != State.ENDED) {
            writableListener.run();
        }
    }

    @Override
    public void fail(Failure failure) {
        if (state == State.ENDED) {
            return;
        }
        if (account.why() == null) {
            account.why(failure.why());
        }
        connection.front().counters().failures.increment();
        if (state == State.STREAMING) {
            finish(true);
            return;
        }
        releaseHeld();
        state = State.NEW;
        head(ErrorPage.head(failure));
        data(Chunk.of(ErrorPage.text(failure, id)));
        end();
    }

    /** Makes this exchange the last one on its connection. */
    public void lastOne() {
        keepAlive = false;
    }

    /** Says that the client can get no answer any more. */
    void clientGone() {
        if (state == State.ENDED) {
            return;
        }
        if (account.why() == null) {
            account.why("client-gone");
        }
        if (state != State.STREAMING) {
            status = 499;
        }
        body.fail(Failure.client(400, "client-gone", "The client closed the connection."));
        finish(true);
    }

    private void finish(boolean cut) {
        if (state == State.ENDED) {
            return;
        }
        state = State.ENDED;
        endNanos = System.nanoTime();
        releaseHeld();
        writableListener = null;
        TrafficCounters counters = connection.front().counters();
        counters.requests.increment();
        counters.bytesOut.add(headBytes + bodyBytes);
        tellEnd();
        body.close();
        connection.front().log().ended(this, connection.loop());
        connection.exchangeEnded(this, cut);
    }

    private void tellEnd() {
        Runnable one = endListener;
        List<Runnable> more = moreEndListeners;
        endListener = null;
        moreEndListeners = null;
        if (one != null) {
            tell(one);
        }
        if (more != null) {
            more.forEach(this::tell);
        }
    }

    /** Keeps a listener's fault from the others, and from the connection. */
    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | Error e) {
            report(e);
        }
    }

    private void releaseHeld() {
        release(held);
        held = null;
    }

    /** Returns whether the connection may serve another request after this one. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Returns the response's status, 0 when there was none. */
    public int status() {
        return status;
    }

    /** Returns how many fields the response's head had. */
    public int fieldCount() {
        return fieldCount;
    }

    /** Returns the size of the response's head in bytes. */
    public int headBytes() {
        return headBytes;
    }

    /** Returns how many bytes of body were handed to the socket, without chunk marks. */
    public long bodyBytes() {
        return bodyBytes;
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
