package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.exchange.WireStyle;
import io.juwsgi.spi.exchange.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/1 connection. Owned by its event loop.
 *
 * <p>Bodies of up to {@link Limits#BUFFERED_BODY} bytes are collected before the handler is called, so that a slow client
 * holds no worker; of larger ones as much is collected, and the rest streams.
 */
public final class Http1Connection extends ClientConnection {
    /** Up to this much of a body that the handler did not read is skipped to keep the connection. */
    private static final long SKIPPED_BODY = 64 * 1024;

    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(32).writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

    private enum State {
        /** Between requests, or inside a head. */
        HEAD,
        /** Before the handler is called: its body is coming in. */
        COLLECT,
        /** The handler reads the body. */
        STREAM,
        /** The body is complete; the response is not. */
        ANSWER,
        /** The response is complete; the rest of the body is skipped. */
        SKIP
    }

    private final HeadScanner scanner;
    private @Nullable Peer peer;
    private State state = State.HEAD;
    private boolean leadingLineSkipped;
    private boolean refused;
    private @Nullable RequestHead head;
    private @Nullable ServerRequest request;
    private @Nullable ChunkedDecoder chunks;
    private @Nullable ByteBuf collected;
    private long rest;
    private long received;
    private boolean continueDue;

    public Http1Connection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
        scanner = new HeadScanner(front.limits().headBytes(), front.limits().targetBytes() + 32);
    }

    @Override
    protected boolean step() {
        ByteBuf in = input;
        if (state == State.ANSWER || in == null || !in.isReadable()) {
            awaitBody();
            return false;
        }
        try {
            return switch (state) {
                case HEAD -> readHead(in);
                case COLLECT -> chunks == null ? collect(in) : collectChunks(in, chunks);
                case STREAM -> stream(in);
                case SKIP -> skip(in);
                case ANSWER -> false;
            };
        } catch (BadRequestException e) {
            refuse(e.failure());
            return false;
        }
    }

    private void awaitBody() {
        if (state == State.STREAM && deadline() != Deadline.BODY && hungry()) {
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private boolean readHead(ByteBuf in) throws BadRequestException {
        if (!skipLeadingLine(in)) {
            return false;
        }
        Limits limits = front().limits();
        byte[] scratch = loop().scratch(limits.headBytes());
        int length = scanner.scan(in, scratch);
        if (length < 0) {
            if (deadline() != Deadline.HEAD) {
                deadline(Deadline.HEAD, limits.timeoutMillis());
            }
            return false;
        }
        scanner.reset();
        in.skipBytes(length);
        RequestHead parsed = new HeadParser(scratch, length, limits.targetBytes(), limits.fieldCount()).parse();
        begin(parsed, new Http1Request(parsed, peer(), front()));
        return true;
    }

    /** RFC 9112 section 2.2: one empty line before a request is forgiven. */
    private boolean skipLeadingLine(ByteBuf in) {
        if (leadingLineSkipped || in.getByte(in.readerIndex()) != '\r') {
            return true;
        }
        if (in.readableBytes() < 2) {
            return false;
        }
        if (in.getByte(in.readerIndex() + 1) == '\n') {
            in.skipBytes(2);
            leadingLineSkipped = true;
        }
        return in.isReadable();
    }

    private void begin(RequestHead parsed, ServerRequest made) throws BadRequestException {
        deadline(Deadline.NONE, 0);
        leadingLineSkipped = false;
        head = parsed;
        request = made;
        rest = parsed.length();
        received = 0;
        checkBodySize(rest);
        if (rest == 0) {
            state = State.ANSWER;
            dispatch(new InboundBody(this, 0, null, true));
            return;
        }
        chunks = rest < 0 ? new ChunkedDecoder() : null;
        deadline(Deadline.BODY, front().limits().timeoutMillis());
        continueDue = parsed.expectsContinue();
        if (continueDue && rest > Limits.BUFFERED_BODY) {
            state = State.STREAM;
            deadline(Deadline.NONE, 0);
            dispatch(new InboundBody(this, rest, null, false));
        } else {
            state = State.COLLECT;
            bodyAsked();
        }
    }

    private void checkBodySize(long size) throws BadRequestException {
        long limit = front().limits().bodyBytes();
        if (size > limit) {
            throw new BadRequestException(
                    413, "body-too-large", "The request body is larger than " + limit + " bytes.");
        }
    }

    @Override
    protected void bodyAsked() {
        if (continueDue) {
            continueDue = false;
            if (input == null || !input.isReadable()) {
                write(CONTINUE.duplicate());
                requestFlush();
            }
        }
    }

    private boolean collect(ByteBuf in) {
        if (in.readableBytes() < Math.min(rest, Limits.BUFFERED_BODY)) {
            return false;
        }
        deadline(Deadline.NONE, 0);
        long length = rest;
        int count = (int) Math.min(rest, in.readableBytes());
        ByteBuf first = take(in, count);
        rest -= count;
        state = rest == 0 ? State.ANSWER : State.STREAM;
        dispatch(new InboundBody(this, length, first, rest == 0));
        return true;
    }

    private boolean collectChunks(ByteBuf in, ChunkedDecoder decoder) throws BadRequestException {
        ByteBuf part;
        while (!full() && (part = decoder.next(in)) != null) {
            gather(part);
        }
        if (!decoder.done() && !full()) {
            return false;
        }
        deadline(Deadline.NONE, 0);
        ByteBuf first = collected;
        collected = null;
        boolean whole = decoder.done();
        if (whole) {
            Objects.requireNonNull(request).bodyLength(received);
        }
        state = whole ? State.ANSWER : State.STREAM;
        dispatch(new InboundBody(this, whole ? received : -1, first, whole));
        return true;
    }

    private boolean full() {
        return received > Limits.BUFFERED_BODY;
    }

    private void gather(ByteBuf part) throws BadRequestException {
        try {
            received += part.readableBytes();
            checkBodySize(received);
            if (collected == null) {
                collected = channel().alloc().directBuffer(Math.max(part.readableBytes(), 1024));
            }
            collected.writeBytes(part);
        } finally {
            part.release();
        }
    }

    private boolean stream(ByteBuf in) throws BadRequestException {
        ServerExchange current = exchange;
        if (current == null || !current.inbound().wanted()) {
            deadline(Deadline.NONE, 0);
            return false;
        }
        return chunks == null ? streamFixed(in, current) : streamChunks(in, current, chunks);
    }

    private boolean streamFixed(ByteBuf in, ServerExchange current) {
        int count = (int) Math.min(rest, in.readableBytes());
        rest -= count;
        boolean last = rest == 0;
        if (last) {
            bodyComplete();
        }
        current.inbound().data(take(in, count));
        if (last && current == exchange) {
            current.inbound().end();
        }
        return true;
    }

    private boolean streamChunks(ByteBuf in, ServerExchange current, ChunkedDecoder decoder)
            throws BadRequestException {
        ByteBuf part = decoder.next(in);
        if (part != null) {
            received += part.readableBytes();
            if (received > front().limits().bodyBytes()) {
                part.release();
                checkBodySize(received);
            } else {
                current.inbound().data(part);
            }
            return true;
        }
        if (decoder.done()) {
            bodyComplete();
            current.inbound().end();
            return true;
        }
        return false;
    }

    private void bodyComplete() {
        state = State.ANSWER;
        deadline(Deadline.NONE, 0);
    }

    private boolean skip(ByteBuf in) {
        int count = (int) Math.min(rest, in.readableBytes());
        in.skipBytes(count);
        rest -= count;
        if (rest > 0) {
            return false;
        }
        nextRequest();
        return true;
    }

    private ByteBuf take(ByteBuf in, int count) {
        if (in.readableBytes() == count) {
            input = null;
            return in;
        }
        return in.readRetainedSlice(count);
    }

    private void dispatch(InboundBody body) {
        ServerExchange made = open(Objects.requireNonNull(request), body);
        exchange = made;
        made.handle(front().dispatcher().handlerFor(made.request()));
    }

    private ServerExchange open(ServerRequest of, InboundBody body) {
        RequestHead parsed = head;
        boolean http11 = parsed == null || parsed.http11();
        boolean keep = parsed != null && parsed.keepAlive() && front().limits().keepAliveMillis() > 0;
        return new ServerExchange(this, of, http11 ? WireStyle.HTTP_1_1 : WireStyle.HTTP_1_0, body, keep);
    }

    /** Answers an error to what is being read, and closes. */
    private void refuse(Failure failure) {
        refused = true;
        if (exchange != null) {
            failClient(failure);
            return;
        }
        state = State.ANSWER;
        ServerExchange made = open(request(), new InboundBody(this, 0, null, true));
        made.lastOne();
        exchange = made;
        made.fail(failure);
    }

    private ServerRequest request() {
        return request != null ? request : new RefusedRequest(peer());
    }

    private Peer peer() {
        if (peer == null) {
            peer = Peer.of(channel());
        }
        return peer;
    }

    /** Closes rather than taking in a large body that nobody reads. */
    @Override
    protected boolean mayPersist() {
        boolean bodyIsShort = state == State.ANSWER || (chunks == null && rest <= SKIPPED_BODY && !continueDue);
        return super.mayPersist() && bodyIsShort;
    }

    @Override
    protected void afterExchange(ServerExchange ended) {
        if (!ended.keepAlive() || !mayPersist()) {
            boolean unread = input != null && input.isReadable();
            closeAfterWrites(refused || unread || state != State.ANSWER);
        } else if (state == State.ANSWER) {
            nextRequest();
        } else {
            state = State.SKIP;
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private void nextRequest() {
        state = State.HEAD;
        head = null;
        request = null;
        chunks = null;
        continueDue = false;
        deadline(Deadline.IDLE, front().limits().keepAliveMillis());
    }

    @Override
    protected void expired(Deadline what) {
        switch (what) {
            case HEAD -> refuse(Failure.client(408, "head-timeout", "The request head did not arrive in time."));
            case BODY -> {
                if (state == State.SKIP) {
                    close();
                } else {
                    refuse(Failure.client(408, "body-timeout", "The request body did not arrive in time."));
                }
            }
            default -> closeAfterWrites(false);
        }
    }

    @Override
    protected void inputOver() {
        boolean empty = input == null || !input.isReadable();
        switch (state) {
            case HEAD -> {
                if (empty) {
                    closeAfterWrites(false);
                } else {
                    refuse(Failure.client(400, "head-cut-off", "The request head is not complete."));
                }
            }
            case COLLECT -> refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
            case STREAM -> {
                if (hungry() && empty) {
                    refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
                }
            }
            case SKIP -> closeAfterWrites(false);
            case ANSWER -> {
                // The answer comes, then the connection is closed.
            }
        }
    }

    @Override
    protected boolean idle() {
        return state == State.HEAD && exchange == null && (input == null || !input.isReadable());
    }

    @Override
    protected boolean hungry() {
        ServerExchange current = exchange;
        return switch (state) {
            case HEAD, COLLECT, SKIP -> true;
            case STREAM -> current != null && current.inbound().wanted();
            case ANSWER -> false;
        };
    }

    @Override
    protected @Nullable ServerExchange begun() {
        return state == State.COLLECT ? open(request(), new InboundBody(this, 0, null, true)) : null;
    }

    @Override
    protected void released() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
    }
}
