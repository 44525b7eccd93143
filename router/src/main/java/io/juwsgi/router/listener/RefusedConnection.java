package io.juwsgi.router.listener;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** A connection that is one too many: it is told so, when it can read that, and closed. Owned by its event loop. */
public final class RefusedConnection extends ChannelInboundHandlerAdapter {
    private static final byte[] ANSWER = """
            HTTP/1.1 503 Service Unavailable\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: 32\r
            Retry-After: 1\r
            Connection: close\r
            \r
            There are too many connections.
            """.getBytes(StandardCharsets.US_ASCII);

    private final boolean readsText;

    /**
     * Makes the handler of one connection.
     *
     * @param readsText whether the client understands an answer that is not encrypted
     */
    public RefusedConnection(boolean readsText) {
        this.readsText = readsText;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        var _ = ctx.writeAndFlush(readsText ? Unpooled.wrappedBuffer(ANSWER) : Unpooled.EMPTY_BUFFER)
                .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }
}
