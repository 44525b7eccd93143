package io.juwsgi.router.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection to an endpoint: many calls at a time, each on a stream of its own. Owned by its event loop. */
final class Http2Line extends ChannelInboundHandlerAdapter implements Dial.Caller {
    private static final System.Logger LOG = System.getLogger(Http2Line.class.getName());

    /** The most streams at a time, whatever the server allows; another connection carries the rest. */
    private static final int STREAMS = 100;

    private final UpstreamLoop loop;
    private final UpstreamEndpoint endpoint;
    private final UpstreamSettings settings;
    private final Http2ClientCodec codec;
    private final Http2Connection.PropertyKey key;
    private final Set<Http2StreamLink> streams = new LinkedHashSet<>();
    private @Nullable Channel channel;
    private boolean connecting;
    private boolean ready;
    /** Whether the server has said what it can. */
    private boolean settled;
    /** Whether it takes WebSockets on streams (RFC 8441 section 3). */
    private boolean connects;

    private boolean used;
    private boolean retired;
    private boolean closed;
    /** The last stream that the server has looked at, once it has said that it takes no more. */
    private int lastSeen = Integer.MAX_VALUE;

    private long idleSince = System.nanoTime();

    Http2Line(UpstreamLoop loop, UpstreamEndpoint endpoint, UpstreamSettings settings) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.settings = settings;
        codec = Http2ClientCodec.of(new Frames(), new Faults());
        key = codec.connection().newKey();
        codec.connection().addListener(new Http2ConnectionAdapter() {
            @Override
            public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
                lastSeen = lastStreamId;
                retired = true;
            }

            @Override
            public void onStreamClosed(Http2Stream stream) {
                Http2StreamLink own = own(stream.id(), stream);
                if (own != null) {
                    own.closed(stream.id() > lastSeen);
                }
            }
        });
        codec.encoder().flowController().listener(stream -> {
            Http2StreamLink own = own(stream.id(), stream);
            if (own != null) {
                own.becameWritable();
            }
        });
    }

    UpstreamEndpoint endpoint() {
        return endpoint;
    }

    UpstreamSettings settings() {
        return settings;
    }

    Http2ClientCodec codec() {
        return codec;
    }

    /** Returns whether one more stream may be opened. */
    boolean hasRoom() {
        return !retired
                && !closed
                && streams.size() < STREAMS
                && (!ready || codec.connection().local().canOpenStream());
    }

    /** Returns whether it is known what the server can; streams hear when it is. */
    boolean settled() {
        return settled;
    }

    /** Returns whether WebSockets may be asked for on streams. */
    boolean connects() {
        return connects;
    }

    /** Returns whether the connection has carried a request before. */
    boolean used() {
        return used;
    }

    /** Makes a stream that is not opened yet. */
    Http2StreamLink stream() {
        Http2StreamLink made = new Http2StreamLink(this);
        streams.add(made);
        return made;
    }

    /** Gets ready for a call on a stream. */
    void begin(Http2StreamLink link, LinkUser call) {
        if (ready) {
            call.connected(link);
        } else if (!connecting) {
            connecting = true;
            byte[] announcement = settings.proxyProtocol().announce(call.request());
            channel =
                    new Dial(endpoint, loop.eventLoop(), settings.connectTimeout(), announcement, this, this).channel();
        }
    }

    @Override
    public void connected(Channel open) {
        channel = open;
        ready = true;
        open.pipeline().addBefore(open.pipeline().context(this).name(), null, codec);
        if (streams.isEmpty()) {
            close();
        } else {
            List.copyOf(streams).forEach(Http2StreamLink::connected);
        }
    }

    @Override
    public void notConnected(Trouble trouble) {
        closed = true;
        loop.closed(this);
        List<Http2StreamLink> waiting = new ArrayList<>(streams);
        streams.clear();
        waiting.forEach(link -> link.connectFailed(trouble));
    }

    /** Opens a stream; null when the server lets us have no more. */
    @Nullable
    Http2Stream open(Http2StreamLink link, Http2Headers headers, boolean last) {
        int id = codec.connection().local().incrementAndGetNextStreamId();
        if (id < 0) {
            retired = true;
            return null;
        }
        used = true;
        var _ = codec.encoder()
                .writeHeaders(
                        codec.context(), id, headers, 0, last, codec.context().newPromise());
        Http2Stream stream = codec.connection().stream(id);
        if (stream != null) {
            stream.setProperty(key, link);
        }
        return stream;
    }

    private @Nullable Http2StreamLink own(int id, @Nullable Http2Stream known) {
        Http2Stream stream = known != null ? known : codec.connection().stream(id);
        return stream == null ? null : stream.getProperty(key);
    }

    /** A stream is over. */
    void left(Http2StreamLink link) {
        streams.remove(link);
        if (streams.isEmpty()) {
            idleSince = System.nanoTime();
            if (retired || !ready || settings.keepalive() == 0) {
                close();
            }
        }
    }

    /** Takes no more calls; closed when the last one is over. */
    void retire() {
        retired = true;
        if (streams.isEmpty()) {
            close();
        }
    }

    /** Looks at deadlines. */
    void tick(long now) {
        if (streams.isEmpty() && now - idleSince > settings.keepaliveTime().toNanos()) {
            close();
            return;
        }
        List.copyOf(streams).forEach(link -> link.tick(now));
    }

    private void close() {
        if (!closed) {
            closed = true;
            loop.closed(this);
            if (channel != null) {
                var _ = channel.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (ready) {
            close();
            List.copyOf(streams).forEach(link -> link.closed(false));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!ready) {
            return;
        }
        boolean socket = cause instanceof IOException || cause.getCause() instanceof IOException;
        LOG.log(socket ? Level.DEBUG : Level.ERROR, "endpoint=" + endpoint + ": " + cause, cause);
        var _ = context.close();
    }

    /** Tells streams why they are about to be closed. */
    private final class Faults implements Http2ClientCodec.Faults {
        @Override
        public void malformed(int id) {
            Http2StreamLink own = own(id, null);
            if (own != null) {
                own.malformed();
            }
        }

        @Override
        public void malformed() {
            List.copyOf(streams).forEach(Http2StreamLink::malformed);
        }
    }

    /** Gives the codec's frames to their streams. */
    private final class Frames extends Http2FrameAdapter {
        @Override
        public int onDataRead(ChannelHandlerContext context, int id, ByteBuf data, int padding, boolean end) {
            Http2StreamLink own = own(id, null);
            int size = data.readableBytes();
            return padding + (own == null ? size : own.data(data, end));
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
            // Once said it holds (RFC 8441 section 3).
            connects |= Boolean.TRUE.equals(settings.connectProtocolEnabled());
            if (!settled) {
                settled = true;
                List.copyOf(streams).forEach(Http2StreamLink::settled);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int id, Http2Headers headers, int padding, boolean end) {
            Http2StreamLink own = own(id, null);
            if (own != null) {
                own.headers(headers, end);
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            onHeadersRead(context, id, headers, padding, end);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int id, long code) {
            Http2StreamLink own = own(id, null);
            if (own != null) {
                own.closed(code == Http2Error.REFUSED_STREAM.code());
            }
        }
    }

    Channel channel() {
        return Objects.requireNonNull(channel);
    }
}
