package io.juwsgi.router.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the socket and a connection that has become a WebSocket: frames of the client must be masked, have no
 * extension, be no larger than a message, and texts must be UTF-8.
 */
public final class WebSocketPipeline {
    private WebSocketPipeline() {}

    /**
     * Puts the frame codec in front of {@code connection}; the answer to the handshake was written before. Used on the event
     * loop.
     *
     * @param rest what the client has sent behind its request, owned by the codec from here on, or null
     */
    public static void install(Channel channel, ChannelHandler connection, int messageBytes, @Nullable ByteBuf rest) {
        ChannelPipeline pipeline = channel.pipeline();
        String name = pipeline.context(connection).name();
        WebSocket13FrameDecoder decoder = new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .allowMaskMismatch(false)
                .maxFramePayloadLength(messageBytes)
                .closeOnProtocolViolation(false)
                .withUTF8Validator(true)
                .build());
        pipeline.addBefore(name, null, new WebSocket13FrameEncoder(false));
        pipeline.addBefore(name, null, decoder);
        pipeline.addBefore(name, null, new Utf8FrameValidator(false));
        pipeline.addBefore(name, null, new WebSocketFrameAggregator(messageBytes));
        if (rest != null) {
            channel.eventLoop().execute(() -> feed(pipeline, decoder, rest));
        }
    }

    private static void feed(ChannelPipeline pipeline, WebSocket13FrameDecoder decoder, ByteBuf rest) {
        try {
            decoder.channelRead(pipeline.context(decoder), rest);
        } catch (Exception e) {
            pipeline.context(decoder).fireExceptionCaught(e);
        }
    }
}
