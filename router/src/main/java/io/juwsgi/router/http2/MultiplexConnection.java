package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A client's HTTP/2 connection: many exchanges at a time, each on a stream. Owned by its event loop.
 *
 * <p>The codec stands before it in the pipeline and calls it for each frame. Deadlines of streams are looked at together,
 * under the connection's one deadline.
 */
public final class MultiplexConnection extends ClientConnection {
    private static final System.Logger LOG = System.getLogger(MultiplexConnection.class.getName());

    private final FrameCodec codec;
    private final Http2Connection.PropertyKey key;
    private final Peer peer;
    private final Set<RequestStream> streams = new LinkedHashSet<>();
    private final Queue<RequestStream> toCommit = new ArrayDeque<>();
    private boolean goingAway;

    public MultiplexConnection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
        peer = Peer.of(channel);
        codec = FrameCodec.of(front.limits(), new FrameEvents(this));
        key = codec.connection().newKey();
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                streamClosed(stream);
            }
        });
        codec.encoder().flowController().listener(stream -> {
            RequestStream own = own(stream);
            if (own != null) {
                own.becameWritable();
            }
        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        ctx.pipeline().addBefore(ctx.name(), null, codec);
    }

    Peer peer() {
        return peer;
    }

    private @Nullable RequestStream own(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.getProperty(key);
    }

    /** Takes a head, or the trailers of a request that is under way. */
    void headers(int id, Http2Headers headers, boolean end) {
        Http2Stream stream = Objects.requireNonNull(codec.connection().stream(id));
        RequestStream known = own(stream);
        if (known != null && known.isTunnel()) {
            // RFC 9113 section 8.5.
            reset(stream, Http2Error.PROTOCOL_ERROR);
            return;
        }
        if (known != null) {
            // The codec has seen to it that they are the end.
            known.trailers(headers);
            return;
        }
        RequestStream made = new RequestStream(this, codec, stream);
        stream.setProperty(key, made);
        streams.add(made);
        if (deadline() == Deadline.IDLE) {
            deadline(Deadline.NONE, 0);
        }
        made.begin(headers, end);
    }

    /** Takes data; returns how many bytes the client may send again. */
    int data(int id, ByteBuf data, boolean end) {
        RequestStream known = own(codec.connection().stream(id));
        return known == null ? data.readableBytes() : known.data(data, end);
    }

    private void streamClosed(Http2Stream stream) {
        RequestStream known = own(stream);
        if (known != null && streams.remove(known)) {
            known.closed();
            if (streams.isEmpty() && !over()) {
                allDone();
            }
        }
    }

    private void allDone() {
        if (!mayPersist() || inputEnded()) {
            farewell();
        } else {
            long idle = front().limits().keepAliveMillis();
            deadline(Deadline.IDLE, idle > 0 ? idle : front().limits().timeoutMillis());
        }
    }

    /** Gives bytes of a body back to the client's window. */
    void consumed(Http2Stream stream, int bytes) {
        if (bytes <= 0) {
            return;
        }
        try {
            if (codec.decoder().flowController().consumeBytes(stream, bytes)) {
                flushSoon();
            }
        } catch (Http2Exception e) {
            LOG.log(Level.DEBUG, "stream " + stream.id() + " was closed", e);
        }
    }

    /** Ends the connection because the client breaks the rules. */
    void broken(Http2Exception e) {
        codec.onError(codec.context(), false, e);
    }

    /** Ends a stream at once. */
    void reset(Http2Stream stream, Http2Error error) {
        var _ = codec.resetStream(
                codec.context(), stream.id(), error.code(), codec.context().newPromise());
        flushSoon();
    }

    /** Sees to it that deadlines of streams are looked at. */
    void watch() {
        if (deadline() != Deadline.BODY && !over()) {
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    /** Flushes at the end of the event loop's turn. */
    void flushSoon() {
        requestFlush();
    }

    /** Writes what a stream holds back at the end of the event loop's turn. */
    void commitSoon(RequestStream stream) {
        toCommit.add(stream);
        requestFlush();
    }

    @Override
    protected void commit() {
        RequestStream stream;
        while ((stream = toCommit.poll()) != null) {
            stream.commit();
        }
    }

    @Override
    protected void expired(Deadline what) {
        if (streams.isEmpty()) {
            farewell();
            return;
        }
        long timeout = front().limits().timeoutMillis();
        long now = loop().millis();
        long next = Long.MAX_VALUE;
        for (RequestStream stream : List.copyOf(streams)) {
            long at = stream.deadline(timeout);
            if (at <= now) {
                stream.expire();
            } else {
                next = Math.min(next, at);
            }
        }
        if (next != Long.MAX_VALUE && !streams.isEmpty()) {
            deadline(Deadline.BODY, next - now);
        }
    }

    /** Says goodbye and closes; nothing is under way. */
    private void farewell() {
        goAway();
        closeAfterWrites(false);
    }

    private void goAway() {
        if (!goingAway) {
            goingAway = true;
            int last = codec.connection().remote().lastStreamCreated();
            var _ = codec.goAway(
                    codec.context(),
                    last,
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    codec.context().newPromise());
            flushSoon();
        }
    }

    /** Needs no patience: GOAWAY tells the client which of its requests were not seen, and may be repeated. */
    @Override
    public void drain(boolean patient) {
        if (!over()) {
            goAway();
            List.copyOf(streams).forEach(RequestStream::goAway);
        }
        super.drain(false);
    }

    @Override
    protected boolean idle() {
        return streams.isEmpty();
    }

    @Override
    protected void inputShutdown() {
        // It cannot open its window any more, so it can read no answer to its end either.
        if (!over()) {
            close();
        }
    }

    @Override
    protected void lost() {
        for (RequestStream stream : List.copyOf(streams)) {
            stream.closed();
        }
        streams.clear();
        toCommit.clear();
    }

    @Override
    protected void stalled(String why) {
        List.copyOf(streams).forEach(stream -> stream.abandon(why));
    }

    @Override
    protected void ticked(long millis) {
        if (!streams.isEmpty()) {
            List.copyOf(streams).forEach(stream -> stream.ticked(millis));
        }
    }
}
