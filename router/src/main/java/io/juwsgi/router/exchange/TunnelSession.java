package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.netty.buffer.ByteBuf;

/**
 * A client that has left HTTP for a protocol that only the two ends know: bytes both ways. Whoever opened it looks at
 * deadlines. Owned by the connection's event loop.
 */
public final class TunnelSession extends Upgraded implements TunnelChannel {
    private final Receiver receiver;

    /** Begins a tunnel; the answer's head was written. */
    public TunnelSession(ServerExchange exchange, Receiver receiver, Carrier carrier) {
        super(exchange, carrier);
        this.receiver = receiver;
    }

    @Override
    public void read(ByteBuf bytes) {
        if (over()) {
            bytes.release();
        } else {
            receiver.data(new NettyChunk(bytes));
        }
    }

    @Override
    public void send(Chunk chunk) {
        if (over()) {
            chunk.release();
        } else {
            write(NettyChunk.buffer(chunk));
        }
    }

    @Override
    public void end() {
        if (end(true)) {
            exchange().webSocketEnded();
        }
    }

    /** The other end would not see half of an end: protocols over tunnels have their own way to say goodbye. */
    @Override
    public void inputOver(boolean gone) {
        finish();
    }

    /** Every byte may be in the middle of a message: the client comes back when the connection ends. */
    @Override
    public void goAway() {
        finish();
    }

    private void finish() {
        if (!over()) {
            end();
            receiver.ended();
        }
    }

    @Override
    public void exchangeEnded() {
        if (end(false)) {
            receiver.ended();
        }
    }

    @Override
    public void expired() {
        // It sets no deadline.
    }
}
