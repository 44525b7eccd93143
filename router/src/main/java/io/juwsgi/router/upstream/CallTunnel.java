package io.juwsgi.router.upstream;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A call that has left HTTP, as a WebSocket does: bytes both ways, with back-pressure. Owned by the exchange's event loop. */
final class CallTunnel implements TunnelChannel.Receiver {
    private final CallLink endpoint;
    private @Nullable TunnelChannel client;

    CallTunnel(CallLink endpoint) {
        this.endpoint = endpoint;
    }

    /** The client's side is there. */
    void open(TunnelChannel channel) {
        client = channel;
        channel.onWritable(() -> endpoint.reading(true));
    }

    @Override
    public void data(Chunk chunk) {
        TunnelChannel from = client;
        if (!endpoint.body(NettyChunk.buffer(chunk)) && from != null) {
            from.pause();
        }
    }

    /** The endpoint takes more. */
    void takesMore() {
        if (client != null) {
            client.resume();
        }
    }

    /** The endpoint sends. */
    void fromEndpoint(ByteBuf bytes) {
        TunnelChannel to = client;
        if (to == null) {
            bytes.release();
            return;
        }
        to.send(new NettyChunk(bytes));
        if (!to.writable()) {
            endpoint.reading(false);
        }
    }

    /** The endpoint sends nothing more. */
    void endpointEnded() {
        if (client != null) {
            client.end();
        }
    }

    /** The exchange ends with the client's side, and lets go of the endpoint. */
    @Override
    public void ended() {
        client = null;
    }
}
