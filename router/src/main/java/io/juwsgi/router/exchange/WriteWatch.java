package io.juwsgi.router.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Notices a client that does not take what is written to it, or takes it too slowly. Stands nearest to the socket, so that
 * it counts what TLS and HTTP/2 have made of the response. Owned by the connection's event loop.
 */
final class WriteWatch extends ChannelOutboundHandlerAdapter {
    /** What Netty adds to the size of each pending message for its own objects. */
    private static final int ENTRY = Integer.getInteger("io.netty.transport.outboundBufferEntrySizeOverhead", 96);

    private final Pace pace = new Pace();
    private long stalledSince;
    private long given;
    private long taken;
    private @Nullable Queue<FileRegion> files;

    WriteWatch(long nowMillis) {
        stalledSince = nowMillis;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            given += bytes.readableBytes();
        } else if (message instanceof FileRegion file) {
            given += file.count();
            if (files == null) {
                files = new ArrayDeque<>(2);
            }
            files.add(file);
        }
        var _ = ctx.write(message, promise);
    }

    /** Looks how much the socket has taken; called at every tick. */
    void look(Channel channel, long nowMillis) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            stalledSince = nowMillis;
            taken = given;
            pace.reset();
            files = null;
            return;
        }
        long now = given - waiting(pending);
        if (now > taken) {
            pace.moved(now - taken);
            taken = now;
            stalledSince = nowMillis;
        }
    }

    // Netty counts a buffer as pending until all of it is gone, and files not at all.
    private long waiting(ChannelOutboundBuffer pending) {
        boolean fileFirst = pending.current() instanceof FileRegion;
        long bytes = pending.totalPendingWriteBytes() - (fileFirst ? 0 : pending.currentProgress());
        bytes -= (long) pending.size() * ENTRY;
        if (files != null) {
            for (Iterator<FileRegion> all = files.iterator(); all.hasNext(); ) {
                FileRegion file = all.next();
                if (file.refCnt() == 0) {
                    all.remove();
                } else {
                    bytes += file.count() - file.transferred();
                }
            }
        }
        return bytes;
    }

    /** Returns for how many milliseconds the socket has taken nothing of what waits for it; 0 when nothing waits. */
    long stalledMillis(long nowMillis) {
        return nowMillis - stalledSince;
    }

    /** Counts a tick during which something waited; returns whether the client is too slow. */
    boolean tooSlow(Channel channel, long millis, MinimumRate rate) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        return pending != null && !pending.isEmpty() && pace.tooSlow(millis, rate);
    }
}
