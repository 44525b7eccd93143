package io.juwsgi.router.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/** Gives the codec's frames to their connection. Owned by its event loop. */
final class FrameEvents extends Http2FrameAdapter {
    private final MultiplexConnection connection;
    private final FloodGuard guard;

    FrameEvents(MultiplexConnection connection) {
        this.connection = connection;
        this.guard = new FloodGuard(connection.loop().millis());
    }

    void received(int bytes) {
        connection.front().counters().received(bytes);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
        return connection.data(id, data, end) + padding;
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
        connection.headers(id, headers, end);
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
        // Priorities of RFC 7540 are deprecated; they are not looked at.
        connection.headers(id, headers, end);
    }

    @Override
    public void onPriorityRead(ChannelHandlerContext ctx, int id, int dependency, short weight, boolean exclusive)
            throws Http2Exception {
        count();
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        count();
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        count();
    }

    @Override
    public void onUnknownFrame(ChannelHandlerContext ctx, byte type, int id, Http2Flags flags, ByteBuf payload) {
        try {
            count();
        } catch (Http2Exception e) {
            connection.broken(e);
        }
    }

    private void count() throws Http2Exception {
        guard.count(connection.loop().millis());
    }
}
