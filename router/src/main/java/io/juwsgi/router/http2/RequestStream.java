package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodyIntake;
import io.juwsgi.router.exchange.BodySource;
import io.juwsgi.router.exchange.ClientStream;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Pace;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One stream: a request, its body as the handler takes it, and the response. Owned by its connection's event loop.
 *
 * <p>What the handler has not taken is not given back to the client's window, so that a client sends no more than that
 * ahead.
 */
final class RequestStream implements ClientStream, BodySource {
    private final MultiplexConnection connection;
    private final Http2Stream stream;
    private final StreamOutput output;
    private @Nullable ServerRequest request;
    private @Nullable ServerExchange exchange;
    private @Nullable FrameBody decoder;
    private @Nullable BodyIntake intake;
    private @Nullable ByteBuf input;
    private boolean pumping;
    private boolean commitDue;
    private boolean over;
    private boolean closed;
    private Http2Error cutWith = Http2Error.INTERNAL_ERROR;
    private final Pace bodyPace = new Pace();
    private long lastInput;
    private long remaining = -1;
    private int headBytes;
    private int fieldCount;

    RequestStream(MultiplexConnection connection, FrameCodec codec, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.output = new StreamOutput(codec, stream, this);
        this.lastInput = now();
    }

    MultiplexConnection connection() {
        return connection;
    }

    long now() {
        return connection.loop().millis();
    }

    /** Takes the request's head; {@code end} when no body follows. */
    void begin(Http2Headers headers, boolean end) {
        try {
            RequestHeaders read = RequestHeaders.read(headers, end, front(), connection.peer());
            request = read.request();
            if (end) {
                dispatch(new InboundBody(this, 0, null, true));
                return;
            }
            decoder = new FrameBody(read.length());
            intake = new BodyIntake(
                    this,
                    decoder,
                    connection.channel().alloc(),
                    front().limits().bodyBytes());
            if (read.expectsContinue()) {
                output.interim(new DefaultHttp2Headers(false, 1).status("100"));
            }
            connection.watch();
        } catch (BadRequestException e) {
            refuse(e.failure());
        }
    }

    private void dispatch(InboundBody body) {
        ServerRequest of = request != null ? request : new RefusedRequest(connection.peer());
        ServerExchange made = new ServerExchange(this, of, body);
        exchange = made;
        made.handle(front().dispatcher().handlerFor(of));
    }

    /**
     * Takes data of the body.
     *
     * @param last whether it is the end of the body
     * @return how many bytes the client may send again for what was taken
     */
    int data(ByteBuf bytes, boolean last) {
        int size = bytes.readableBytes();
        FrameBody body = decoder;
        if (body == null || over) {
            return size;
        }
        lastInput = now();
        bodyPace.moved(size);
        body.arrived(size, last);
        int before = kept();
        append(bytes);
        pump();
        return before + size - kept();
    }

    private void append(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            return;
        }
        ByteBuf old = input;
        if (old == null) {
            input = bytes.retain();
            return;
        }
        // Anew, since parts that were handed out may be slices of the old.
        ByteBuf both = connection.channel().alloc().directBuffer(old.readableBytes() + bytes.readableBytes());
        both.writeBytes(old).writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        old.release();
        input = both;
    }

    private int kept() {
        return input == null ? 0 : input.readableBytes();
    }

    private void pump() {
        BodyIntake from = intake;
        if (pumping || over || from == null) {
            return;
        }
        pumping = true;
        try {
            take(from);
        } catch (BadRequestException e) {
            refuse(e.failure());
        } catch (RuntimeException e) {
            bug(e);
        } finally {
            pumping = false;
        }
        if (over || (input != null && !input.isReadable())) {
            dropInput();
        }
    }

    private void take(BodyIntake from) throws BadRequestException {
        ByteBuf in = input == null ? Unpooled.EMPTY_BUFFER : input;
        if (exchange == null) {
            InboundBody body = from.gather(in);
            if (body == null) {
                return;
            }
            if (from.done() && request != null) {
                request.bodyLength(from.received());
            }
            dispatch(body);
        }
        ServerExchange current = exchange;
        while (!over
                && current != null
                && current.inbound().wanted()
                && from.stream(in, current.inbound(), current.request())) {
            // One part after the other.
        }
    }

    @Override
    public void bodyWanted() {
        lastInput = now();
        connection.watch();
        if (pumping) {
            return;
        }
        int before = kept();
        pump();
        connection.consumed(stream, before - kept());
    }

    private void dropInput() {
        if (input != null) {
            input.release();
            input = null;
        }
    }

    /** Answers an error instead of what was asked for. */
    void refuse(Failure failure) {
        ServerExchange current = exchange;
        if (current == null) {
            ServerRequest of = request != null ? request : new RefusedRequest(connection.peer());
            current = new ServerExchange(this, of, new InboundBody(this, 0, null, true));
            exchange = current;
        } else {
            current.inbound().fail(failure);
        }
        current.fail(failure);
    }

    private void bug(RuntimeException e) {
        ServerExchange current = exchange;
        if (current != null) {
            current.bug(e);
        } else {
            refuse(Failure.gateway(500, "exception", "The server failed while it read this request."));
        }
    }

    /** Returns whether the client is to send more of the body now. */
    boolean waitsForBody() {
        BodyIntake from = intake;
        if (over || from == null || from.done()) {
            return false;
        }
        ServerExchange current = exchange;
        return current == null || current.inbound().wanted();
    }

    /** Returns the time at which the client has let us wait for too long, {@link Long#MAX_VALUE} when nothing is awaited. */
    long deadline(long timeoutMillis) {
        long since = output.stalledSince();
        if (waitsForBody()) {
            since = since < 0 ? lastInput : Math.min(since, lastInput);
        }
        return since < 0 ? Long.MAX_VALUE : since + timeoutMillis;
    }

    /** Ends the stream, whose {@link #deadline} has passed. */
    void expire() {
        if (waitsForBody()) {
            refuse(Failure.client(408, "body-timeout", "The request body did not arrive in time."));
        } else {
            cancel("client-does-not-read");
        }
    }

    private void cancel(String why) {
        cutWith = Http2Error.CANCEL;
        abandon(why);
        // Its exchange may have ended long ago.
        connection.reset(stream, Http2Error.CANCEL);
    }

    /** Measures the client's pace: {@code millis} more have passed. */
    void ticked(long millis) {
        if (waitsForBody() && bodyPace.tooSlow(millis, front().limits().bodyRate())) {
            refuse(Failure.client(408, "body-too-slow", "The request body came too slowly."));
        } else if (output.tooSlow(millis, front().limits().responseRate())) {
            cancel("client-reads-too-slowly");
        }
    }

    /** Ends the exchange because the client can get no answer any more. */
    void abandon(String why) {
        ServerExchange current = exchange;
        if (current != null && !current.ended()) {
            current.account().why(why);
            current.clientGone();
        }
    }

    /** Hears that the client takes more. */
    void becameWritable() {
        output.pump();
        ServerExchange current = exchange;
        if (current != null && output.writable()) {
            try {
                current.becameWritable();
            } catch (RuntimeException e) {
                bug(e);
            }
        }
    }

    /** Hears that all of the response was written: what is left of the request is for nobody (RFC 9113 section 8.1). */
    void responseSent() {
        if (!closed && stream.state().remoteSideOpen()) {
            connection.reset(stream, Http2Error.NO_ERROR);
        }
    }

    /** Resets the stream: what was begun cannot be completed. */
    void breakOff() {
        connection.reset(stream, Http2Error.INTERNAL_ERROR);
    }

    /** Hears that the stream is closed, by either side or with its connection. */
    void closed() {
        closed = true;
        output.release();
        ServerExchange current = exchange;
        if (current != null) {
            // A response that is complete on the wire may be one whose handler has not said so yet.
            if (!output.complete()) {
                current.clientGone();
            }
        } else if (request != null) {
            current = new ServerExchange(this, request, new InboundBody(this, 0, null, true));
            exchange = current;
            current.clientGone();
        }
        over = true;
        release();
    }

    private void release() {
        if (!pumping) {
            dropInput();
        }
        if (intake != null) {
            intake.release();
        }
    }

    /** Writes what the exchange holds back. */
    void commit() {
        commitDue = false;
        ServerExchange current = exchange;
        if (current != null && !closed) {
            try {
                current.commitHeld();
            } catch (RuntimeException e) {
                current.bug(e);
            }
        }
    }

    @Override
    public Front front() {
        return connection.front();
    }

    @Override
    public LoopContext loop() {
        return connection.loop();
    }

    @Override
    public boolean head(Response head, boolean bodiless, long length, @Nullable ByteBuf content) {
        Http2Headers headers =
                ResponseHeaders.of(head, length, connection.loop().date());
        if (headers == null) {
            if (content != null) {
                content.release();
            }
            return false;
        }
        headBytes = ResponseHeaders.size(headers);
        fieldCount = headers.size() - 1;
        remaining = bodiless ? 0 : length;
        if (!closed) {
            output.headers(headers, remaining == 0);
        }
        if (content != null) {
            data(content);
        }
        return true;
    }

    @Override
    public void interim(Response head) {
        Http2Headers headers = closed ? null : ResponseHeaders.fields(head);
        if (headers != null) {
            output.interim(headers);
        }
    }

    @Override
    public void data(ByteBuf bytes) {
        output.data(bytes, last(bytes.readableBytes()));
    }

    @Override
    public void file(FileRegion region, long count) {
        output.file(region, count, last(count));
    }

    private boolean last(long count) {
        if (remaining > 0) {
            remaining -= count;
            return remaining == 0;
        }
        return false;
    }

    @Override
    public void end() {
        if (!closed) {
            output.end();
        }
    }

    @Override
    public boolean carriesTrailers() {
        return true;
    }

    @Override
    public void end(Fields trailers) {
        if (!closed) {
            Http2Headers fields = new DefaultHttp2Headers(false, trailers.size());
            for (int i = 0; i < trailers.size(); i++) {
                fields.add(
                        trailers.name(i).toLowerCase(Locale.ROOT),
                        trailers.value(i).strip());
            }
            output.end(fields);
        }
    }

    @Override
    public boolean writable() {
        return !closed && output.writable();
    }

    @Override
    public void requestFlush() {
        if (!commitDue) {
            commitDue = true;
            connection.commitSoon(this);
        }
    }

    @Override
    public void ended(ServerExchange ended, boolean cut) {
        over = true;
        release();
        if (cut && !closed) {
            connection.reset(stream, cutWith);
        }
    }

    @Override
    public int headBytes() {
        return headBytes;
    }

    @Override
    public int fieldCount() {
        return fieldCount;
    }
}
