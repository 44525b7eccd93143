package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/** Notices a client that does not take what is written to it. Owned by the connection's event loop. */
final class WriteWatch {
    private long mark;
    private long stalledSince;

    WriteWatch(long nowMillis) {
        stalledSince = nowMillis;
    }

    /** Returns for how many milliseconds the socket has taken nothing of what waits for it; 0 when nothing waits. */
    long stalledMillis(Channel channel, long nowMillis) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            stalledSince = nowMillis;
            return 0;
        }
        // The outbound buffer's progress changes with every byte that the socket takes.
        long now = pending.totalPendingWriteBytes() * 31 + pending.currentProgress() * 7 + pending.size();
        if (now != mark) {
            mark = now;
            stalledSince = nowMillis;
        }
        return nowMillis - stalledSince;
    }
}
