package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has left HTTP for a protocol that only its two ends know: bytes both ways. Whoever opened it looks at
 * deadlines. Owned by the connection's event loop.
 */
final class TunnelSession implements Upgraded, TunnelChannel {
    private final ServerExchange exchange;
    private final SerialConnection connection;
    private final Receiver receiver;
    private @Nullable Runnable writableListener;
    private boolean paused;
    private boolean over;

    TunnelSession(ServerExchange exchange, SerialConnection connection, Receiver receiver) {
        this.exchange = exchange;
        this.connection = connection;
        this.receiver = receiver;
    }

    @Override
    public void read(Object message) {
        if (over || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        connection.front().counters().received(bytes.readableBytes());
        receiver.data(new NettyChunk(bytes));
    }

    @Override
    public void send(Chunk chunk) {
        if (over) {
            chunk.release();
            return;
        }
        exchange.sent(chunk.size());
        connection.write(NettyChunk.buffer(chunk));
        connection.requestFlush();
    }

    @Override
    public void end() {
        if (!over) {
            over = true;
            connection.closeAfterWrites(true);
            exchange.webSocketEnded();
        }
    }

    /** The other end would not see half of an end: protocols over tunnels have their own way to say goodbye. */
    @Override
    public void inputOver(boolean gone) {
        finish();
    }

    @Override
    public void failed(Throwable cause) {
        finish();
    }

    /** Every byte may be in the middle of a message: the client comes back when the connection ends. */
    @Override
    public void goAway() {
        finish();
    }

    private void finish() {
        if (!over) {
            end();
            receiver.ended();
        }
    }

    @Override
    public void exchangeEnded() {
        if (!over) {
            over = true;
            connection.closeAfterWrites(false);
            receiver.ended();
        }
    }

    @Override
    public void expired() {
        // It sets no deadline.
    }

    @Override
    public boolean writable() {
        return !over && connection.channel().isWritable();
    }

    @Override
    public void onWritable(Runnable listener) {
        writableListener = listener;
    }

    @Override
    public void becameWritable() {
        if (writableListener != null && !over) {
            writableListener.run();
        }
    }

    @Override
    public void pause() {
        paused = true;
        connection.regulate();
    }

    @Override
    public void resume() {
        paused = false;
        connection.regulate();
    }

    @Override
    public boolean hungry() {
        return !paused;
    }
}
