package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The connection to a worker's control thread: takes requests back, asks for stacks. Owned by the pool's event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class SideLink extends ChannelInboundHandlerAdapter implements FrameDecoder.Receiver {
    private final WorkerLink worker;
    private final FrameDecoder decoder = new FrameDecoder(this);
    private @Nullable ChannelHandlerContext context;

    SideLink(WorkerLink worker) {
        this.worker = worker;
    }

    /** Sends a frame without payload. Returns whether there is a connection for it. */
    boolean send(int type, int id, int aux) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return false;
        }
        ctx.writeAndFlush(Frames.bare(ctx.alloc(), type, 0, id, aux), ctx.voidPromise());
        return true;
    }

    void close() {
        if (context != null) {
            context.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
        send(FrameType.HELLO, FrameHeader.SIDE, 0);
        worker.sideConnected();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (context != null) {
                decoder.decode(bytes);
            }
        } catch (FrameException e) {
            lose("side link: " + e.getMessage());
        } finally {
            bytes.release();
        }
    }

    @Override
    public void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length)
            throws FrameException {
        switch (type) {
            case FrameType.RECALLED -> worker.recalled(id, bytes, length);
            case FrameType.TRACED ->
                worker.traced(id, aux, bytes.toString(bytes.readerIndex(), length, StandardCharsets.UTF_8));
            // A request that is over needs no interruption; one that is stuck is seen by its deadline.
            case FrameType.INTERRUPTED -> {}
            default -> throw new FrameException("frame type: " + type + " (expected: 48 to 50)");
        }
    }

    @Override
    public void body(ByteBuf bytes, int length) {
        // These frames have no body: a DATA frame was refused at its start.
    }

    @Override
    public void frameEnd() {
        // Nothing depends on it.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        lose("side link ended");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        lose("side link: " + cause);
    }

    private void lose(String reason) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            context = null;
            decoder.close();
            ctx.close();
            worker.sideLost(reason);
        }
    }
}
