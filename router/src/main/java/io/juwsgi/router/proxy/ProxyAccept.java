package io.juwsgi.router.proxy;

import io.juwsgi.protocol.proxy.ProxyException;
import io.juwsgi.protocol.proxy.ProxyHeader;
import io.juwsgi.router.exchange.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A trusted proxy's connection until its PROXY header has come, under one deadline. Then it gives its place in the pipeline to
 * what goes on with the connection. A connection that does not begin with a header is closed. Owned by its event loop.
 */
public final class ProxyAccept extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(ProxyAccept.class.getName());

    private final Supplier<ChannelHandler> next;
    private final long deadlineMillis;
    private @Nullable Future<?> deadline;
    private ByteBuf gathered = Unpooled.EMPTY_BUFFER;
    private boolean ended;

    /**
     * Makes the handler of one connection.
     *
     * @param next makes what goes on with the connection
     */
    public ProxyAccept(Supplier<ChannelHandler> next, long deadlineMillis) {
        this.next = next;
        this.deadlineMillis = deadlineMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> fail(ctx, "the PROXY header did not come in time"),
                        deadlineMillis,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended = true;
        gathered.release();
        gathered = Unpooled.EMPTY_BUFFER;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (ended) {
            bytes.release();
            return;
        }
        gathered = Unpooled.wrappedBuffer(gathered, bytes);
        try {
            byte[] start = new byte[Math.min(gathered.readableBytes(), ProxyHeader.LIMIT)];
            gathered.getBytes(gathered.readerIndex(), start);
            ProxyHeader header = ProxyHeader.read(start);
            if (header != null) {
                enter(ctx, header);
            }
        } catch (ProxyException e) {
            fail(ctx, e.getMessage());
        }
    }

    private void enter(ChannelHandlerContext ctx, ProxyHeader header) {
        if (header.source() != null && header.destination() != null) {
            ctx.channel().attr(Peer.SPOKEN_FOR).set(new Peer.Ends(header.source(), header.destination()));
        }
        ByteBuf rest = gathered.skipBytes(header.size()).retain();
        ctx.pipeline().replace(this, null, next.get());
        if (rest.isReadable()) {
            ctx.pipeline().fireChannelRead(rest);
            ctx.pipeline().fireChannelReadComplete();
        } else {
            rest.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
            var _ = ctx.close();
        }
    }

    private void fail(ChannelHandlerContext ctx, @Nullable String reason) {
        if (!ended) {
            ended = true;
            LOG.log(
                    Level.WARNING,
                    "connection of {0} is closed: {1}",
                    ctx.channel().remoteAddress(),
                    reason);
            var _ = ctx.close();
        }
    }
}
