package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodySource;
import io.juwsgi.router.exchange.ClientStream;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One stream: a request with its exchange, between what comes in behind its head ({@link StreamInput}) and what goes out
 * ({@link StreamOutput}). Owned by its connection's event loop.
 */
final class RequestStream implements ClientStream {
    /** What a body that is complete asks for more. */
    private static final BodySource NOTHING = () -> {};

    private final MultiplexConnection connection;
    private final Http2Stream stream;
    private final StreamOutput output;
    private @Nullable ServerRequest request;
    private @Nullable ServerExchange exchange;
    private @Nullable StreamInput input;
    private @Nullable TunnelStream tunnel;
    private boolean commitDue;
    private boolean closed;
    private Http2Error cutWith = Http2Error.INTERNAL_ERROR;
    private long remaining = -1;
    private int headBytes;
    private int fieldCount;

    RequestStream(MultiplexConnection connection, FrameCodec codec, Http2Stream stream) {
        this.connection = connection;
        this.stream = stream;
        this.output = new StreamOutput(codec, stream, this);
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
            if (read.webSocket()) {
                tunnel = new TunnelStream(this, stream, output);
            }
            if (end || read.webSocket()) {
                dispatch(noBody());
                return;
            }
            StreamInput made = new StreamInput(this, stream, request, read.length());
            input = made;
            if (read.expectsContinue()) {
                output.interim(new DefaultHttp2Headers(false, 1).status("100"));
            }
            connection.watch();
            if (request.converses()) {
                dispatch(made.streamed());
            }
        } catch (BadRequestException e) {
            refuse(e.failure());
        }
    }

    private static InboundBody noBody() {
        return new InboundBody(NOTHING, 0, null, true);
    }

    /** Returns the exchange once it has begun. */
    @Nullable
    ServerExchange exchange() {
        return exchange;
    }

    /** Begins the exchange with its body. */
    void dispatch(InboundBody body) {
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
        ServerExchange current = exchange;
        if (tunnel != null && (current == null || !current.ended() || tunnel.isUpgraded())) {
            return tunnel.data(bytes, last);
        }
        return input == null ? bytes.readableBytes() : input.data(bytes, last);
    }

    /** Takes the fields behind the body, and with them its end. */
    void trailers(Http2Headers fields) {
        if (input != null) {
            input.trailers(fields);
        }
    }

    /** Answers an error instead of what was asked for. */
    void refuse(Failure failure) {
        ServerExchange current = exchange;
        if (current == null) {
            ServerRequest of = request != null ? request : new RefusedRequest(connection.peer());
            current = new ServerExchange(this, of, noBody());
            exchange = current;
        } else {
            current.inbound().fail(failure);
        }
        current.fail(failure);
    }

    /** Answers 500 for a fault of ours. */
    void bug(RuntimeException e) {
        ServerExchange current = exchange;
        if (current != null) {
            current.bug(e);
        } else {
            refuse(Failure.gateway(500, "exception", "The server failed while it read this request."));
        }
    }

    private boolean awaitsInput() {
        return input != null && input.awaited();
    }

    /** Returns the time at which the client has let us wait for too long, {@link Long#MAX_VALUE} when nothing is awaited. */
    long deadline(long timeoutMillis) {
        long since = output.stalledSince();
        if (input != null && input.awaited()) {
            since = since < 0 ? input.lastInput() : Math.min(since, input.lastInput());
        }
        return since < 0 ? Long.MAX_VALUE : since + timeoutMillis;
    }

    /** Ends the stream, whose {@link #deadline} has passed. */
    void expire() {
        if (awaitsInput()) {
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
        if (tunnel != null) {
            tunnel.ticked(now());
        }
        if (input != null && input.tooSlow(millis)) {
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
                if (tunnel != null) {
                    tunnel.becameWritable();
                }
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
        if (tunnel != null && tunnel.isUpgraded()) {
            tunnel.gone();
        } else if (current != null) {
            // A response that is complete on the wire may be one whose handler has not said so yet.
            if (!output.complete()) {
                current.clientGone();
            }
        } else if (request != null) {
            current = new ServerExchange(this, request, noBody());
            exchange = current;
            current.clientGone();
        }
        closeInput();
    }

    private void closeInput() {
        if (input != null) {
            input.close();
        }
        if (tunnel != null && !tunnel.isUpgraded()) {
            tunnel.release();
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
                ResponseHeaders.of(understood(head), length, connection.loop().date());
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

    /** A client that has asked for a WebSocket takes every 2xx for one. */
    private Response understood(Response head) {
        if (tunnel == null || head.status() < 200 || head.status() > 299) {
            return head;
        }
        ServerExchange current = exchange;
        if (current != null) {
            current.account().why("no-websocket");
        }
        return new Response(501, "", head.fields());
    }

    @Override
    public @Nullable WebSocketChannel webSocket(
            ServerExchange of, List<String> protocols, WebSocketChannel.Receiver receiver) {
        return tunnel == null ? null : tunnel.webSocket(of, protocols, receiver);
    }

    @Override
    public @Nullable TunnelChannel tunnel(ServerExchange of, Response head, TunnelChannel.Receiver receiver) {
        return tunnel == null ? null : tunnel.tunnel(of, head, receiver);
    }

    /** Writes the head that leaves HTTP (RFC 8441 section 5); false when that cannot be. */
    boolean leave(Response switching) {
        Http2Headers headers = closed ? null : ResponseHeaders.switching(switching);
        if (headers == null) {
            return false;
        }
        headBytes = ResponseHeaders.size(headers);
        fieldCount = headers.size() - 1;
        output.headers(headers, false);
        return true;
    }

    /** Returns whether the stream was asked to leave HTTP. */
    boolean isTunnel() {
        return tunnel != null;
    }

    /** Hears that the server stops. */
    void goAway() {
        if (tunnel != null) {
            tunnel.goAway();
        }
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
        closeInput();
        if (tunnel != null && tunnel.isUpgraded()) {
            tunnel.exchangeEnded();
        } else if (cut && !closed) {
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
