package io.juwsgi.router.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Netty's codec in the role of a client, with our limits for servers. Owned by its connection's event loop. */
final class Http2ClientCodec extends Http2ConnectionHandler {
    private static final System.Logger LOG = System.getLogger(Http2ClientCodec.class.getName());

    /** The largest head of an answer, in bytes, as for HTTP/1.1. */
    private static final int HEAD_BYTES = 64 * 1024;

    /** How much of one answer may be on its way or not be taken by its client, in bytes. */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** As much of all answers of a connection. */
    private static final int CONNECTION_WINDOW = 4 * 1024 * 1024;

    private final Faults faults;
    private @Nullable ChannelHandlerContext context;

    /** Hears what of a server's frames breaks the protocol, before streams are closed for it. */
    interface Faults {
        /** A stream will be reset. */
        void malformed(int stream);

        /** The connection will be closed. */
        void malformed();
    }

    private Http2ClientCodec(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Faults faults) {
        super(decoder, encoder, settings);
        this.faults = faults;
    }

    static Http2ClientCodec of(Http2FrameListener events, Faults faults) {
        Http2ClientCodec codec = new Builder(events, faults).build();
        codec.gracefulShutdownTimeoutMillis(0);
        return codec;
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<Http2ClientCodec, Builder> {
        private final Faults faults;

        Builder(Http2FrameListener events, Faults faults) {
            this.faults = faults;
            server(false);
            frameListener(events);
            initialSettings(new Http2Settings()
                    .pushEnabled(false)
                    .initialWindowSize(STREAM_WINDOW)
                    .maxHeaderListSize(HEAD_BYTES));
        }

        @Override
        protected Http2ClientCodec build() {
            return super.build();
        }

        @Override
        protected Http2ClientCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new Http2ClientCodec(decoder, encoder, settings, faults);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        Http2Stream whole = connection().connectionStream();
        int more = CONNECTION_WINDOW - decoder().flowController().windowSize(whole);
        decoder().flowController().incrementWindowSize(whole, more);
        ctx.flush();
    }

    /** Returns where frames are written. */
    ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    /** A server that takes no more may have answered: what it has sent is read before the end. */
    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        if (!outbound || !(cause instanceof IOException)) {
            super.onError(ctx, outbound, cause);
        }
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        LOG.log(Level.DEBUG, "endpoint=" + ctx.channel().remoteAddress() + " http2 connection closed: " + cause);
        if (!outbound && known != null) {
            faults.malformed();
        }
        super.onConnectionError(ctx, outbound, cause, known);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception.StreamException known) {
        LOG.log(Level.DEBUG, "endpoint=" + ctx.channel().remoteAddress() + " http2 stream closed: " + cause);
        if (!outbound) {
            faults.malformed(known.streamId());
        }
        super.onStreamError(ctx, outbound, cause, known);
    }

    /** Ends a stream that its call wants nothing more of. */
    void cancel(int id, long code) {
        var _ = resetStream(context(), id, code, context().newPromise());
        write();
    }

    /** Gives bytes back to the server's window. */
    void consumed(Http2Stream stream, int bytes) {
        try {
            if (bytes > 0 && decoder().flowController().consumeBytes(stream, bytes)) {
                write();
            }
        } catch (Http2Exception e) {
            LOG.log(Level.DEBUG, "stream " + stream.id() + " was closed", e);
        }
    }

    /** Writes body bytes, which are owned from here on. */
    void data(int id, ByteBuf bytes, boolean last) {
        var _ = encoder().writeData(context(), id, bytes, 0, last, context().newPromise());
        write();
    }

    /** Writes the fields behind a body, which end it; DATA that waits for the server's window goes before them. */
    void trailers(int id, Http2Headers fields) {
        var _ = encoder().writeHeaders(context(), id, fields, 0, true, context().newPromise());
        write();
    }

    /** Writes what waits, as far as the windows allow: the context's own flush would pass the windows by. */
    void write() {
        flush(context());
    }
}
