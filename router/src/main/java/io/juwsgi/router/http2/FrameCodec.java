package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.lang.System.Logger.Level;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Netty's codec with our limits, and a line in the log for clients that break them. Owned by its connection's event loop. */
final class FrameCodec extends Http2ConnectionHandler {
    private static final System.Logger LOG = System.getLogger(FrameCodec.class.getName());

    /** Streams that a client may have open at a time; RFC 9113 section 6.5.2 advises no less. */
    static final int STREAMS = 100;

    /** How much of all request bodies of a connection may be on its way or unread, in bytes. */
    private static final int CONNECTION_WINDOW = 1024 * 1024;

    /** As much of one body. */
    private static final int STREAM_WINDOW = 256 * 1024;

    /** Streams that a client may reset in {@link #RESET_SECONDS} (rapid reset, CVE-2023-44487). */
    static final int RESETS = 200;

    private static final int RESET_SECONDS = 30;

    /** Small CONTINUATION frames in one head. */
    private static final int CONTINUATIONS = 16;

    private static final int EMPTY_DATA_FRAMES = 16;

    /** Answers to control frames that may wait because the client does not read. */
    private static final int QUEUED_ANSWERS = 1_000;

    private @Nullable ChannelHandlerContext context;
    private boolean told;

    private FrameCodec(Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        super(decoder, encoder, settings);
    }

    /** Makes a codec that gives frames to {@code events}. */
    static FrameCodec of(Limits limits, Http2FrameListener events) {
        FrameCodec codec = new Builder(limits, events).build();
        // From the start, not from the client's acknowledgement of our settings, which may never come.
        codec.connection().remote().maxActiveStreams(STREAMS);
        codec.gracefulShutdownTimeoutMillis(0);
        return codec;
    }

    private static final class Builder extends AbstractHttp2ConnectionHandlerBuilder<FrameCodec, Builder> {
        Builder(Limits limits, Http2FrameListener events) {
            server(true);
            frameListener(events);
            initialSettings(new Http2Settings()
                    .maxConcurrentStreams(STREAMS)
                    .initialWindowSize(STREAM_WINDOW)
                    .connectProtocolEnabled(true)
                    .maxHeaderListSize(limits.headBytes()));
            decoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS);
            encoderEnforceMaxRstFramesPerWindow(RESETS, RESET_SECONDS);
            decoderEnforceMaxSmallContinuationFrames(CONTINUATIONS);
            decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_DATA_FRAMES);
            encoderEnforceMaxQueuedControlFrames(QUEUED_ANSWERS);
            headerSensitivityDetector((name, value) -> name.length() == 10 && "set-cookie".contentEquals(name));
        }

        @Override
        protected FrameCodec build() {
            return super.build();
        }

        @Override
        protected FrameCodec build(
                Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
            return new FrameCodec(decoder, encoder, settings);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        Http2Stream whole = connection().connectionStream();
        int more = CONNECTION_WINDOW - decoder().flowController().windowSize(whole);
        decoder().flowController().incrementWindowSize(whole, more);
    }

    /** Returns where frames are written. */
    ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes && decoder().frameListener() instanceof FrameEvents events) {
            events.received(bytes.readableBytes());
        }
        super.channelRead(ctx, message);
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx, boolean outbound, Throwable cause, @Nullable Http2Exception known) {
        // What else has come may be wrong too, and is not told of again.
        if (known != null && !outbound && !told) {
            told = true;
            LOG.log(
                    Level.INFO,
                    "client=" + ctx.channel().remoteAddress() + " http2 connection closed: " + known.error() + ", "
                            + printable(known));
        }
        super.onConnectionError(ctx, outbound, cause, known);
    }

    @Override
    protected void handleServerHeaderDecodeSizeError(ChannelHandlerContext ctx, Http2Stream stream) {
        LOG.log(Level.INFO, "client=" + ctx.channel().remoteAddress() + " http2 request refused: 431, head too large");
        super.handleServerHeaderDecodeSizeError(ctx, stream);
    }

    private static String printable(Throwable cause) {
        String text = String.valueOf(cause.getMessage()).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() > 200 ? text.substring(0, 200) : text;
    }
}
