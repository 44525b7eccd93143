package io.juwsgi.router.http2;

import io.juwsgi.router.exchange.Carrier;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.TunnelSession;
import io.juwsgi.router.exchange.Upgraded;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.router.websocket.WebSocketSession;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stream whose client has asked with an extended CONNECT for another protocol (RFC 8441 section 5), before and after the
 * answer. Owned by its connection's event loop.
 *
 * <p>What is not wanted now is not given back to the client's window.
 */
final class TunnelStream implements Carrier {
    private static final long NEVER = Long.MAX_VALUE;

    private final RequestStream owner;
    private final Http2Stream stream;
    private final StreamOutput output;
    private @Nullable Upgraded upgraded;
    /** What has come before the answer. */
    private @Nullable ByteBuf early;

    private boolean inputOver;
    private int unconsumed;
    private long deadlineAt = NEVER;

    TunnelStream(RequestStream owner, Http2Stream stream, StreamOutput output) {
        this.owner = owner;
        this.stream = stream;
        this.output = output;
    }

    /** Returns whether another protocol has taken HTTP's place. */
    boolean isUpgraded() {
        return upgraded != null;
    }

    /** Accepts the WebSocket that was asked for; null when that cannot be. */
    @Nullable
    WebSocketChannel webSocket(ServerExchange of, List<String> protocols, WebSocketChannel.Receiver receiver) {
        WebSocketLimits limits = owner.front().limits().webSockets();
        Handshake handshake = Handshake.of(of.request(), protocols, limits.deflate());
        if (handshake == null || !owner.leave(handshake.answer())) {
            return null;
        }
        WebSocketSession made = new WebSocketSession(of, limits, handshake, receiver, this);
        upgrade(made);
        return made;
    }

    /** Leaves HTTP for what another server has accepted; null when that cannot be. */
    @Nullable
    TunnelChannel tunnel(ServerExchange of, Response head, TunnelChannel.Receiver receiver) {
        if (!owner.leave(head)) {
            return null;
        }
        TunnelSession made = new TunnelSession(of, receiver, this);
        upgrade(made);
        return made;
    }

    private void upgrade(Upgraded to) {
        upgraded = to;
        owner.connection().flushSoon();
        // When the caller knows the channel.
        if (early != null || inputOver) {
            owner.loop().eventLoop().execute(this::giveEarly);
        }
    }

    private void giveEarly() {
        ByteBuf bytes = early;
        early = null;
        if (bytes != null && upgraded != null) {
            upgraded.read(bytes);
        }
        if (inputOver && upgraded != null) {
            upgraded.inputOver(false);
        }
        regulate();
    }

    /**
     * Takes bytes of the client.
     *
     * @param last whether it sends nothing more
     * @return how many bytes it may send again
     */
    int data(ByteBuf bytes, boolean last) {
        int size = bytes.readableBytes();
        Upgraded to = upgraded;
        inputOver |= last;
        if (to == null || early != null) {
            hold(bytes);
            unconsumed += size;
            return 0;
        }
        if (size > 0) {
            to.read(bytes.retain());
        }
        if (last) {
            to.inputOver(false);
        }
        if (to.hungry()) {
            return size;
        }
        unconsumed += size;
        return 0;
    }

    /** No more than the client's window. */
    private void hold(ByteBuf bytes) {
        if (early == null) {
            early = alloc().buffer(bytes.readableBytes());
        }
        early.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    /** Hears that the stream is closed. */
    void gone() {
        if (upgraded != null) {
            upgraded.inputOver(true);
        }
        release();
    }

    void exchangeEnded() {
        if (upgraded != null) {
            upgraded.exchangeEnded();
        }
    }

    void goAway() {
        if (upgraded != null) {
            upgraded.goAway();
        }
    }

    void becameWritable() {
        if (upgraded != null) {
            upgraded.becameWritable();
        }
    }

    /** Looks at the deadline. */
    void ticked(long now) {
        if (now > deadlineAt && upgraded != null) {
            deadlineAt = NEVER;
            upgraded.expired();
        }
    }

    /** Drops what nobody takes any more. */
    void release() {
        if (early != null) {
            early.release();
            early = null;
        }
    }

    @Override
    public void write(ByteBuf bytes) {
        output.data(bytes, false);
        owner.connection().flushSoon();
    }

    @Override
    public void end(boolean linger) {
        deadlineAt = NEVER;
        owner.end();
        owner.connection().flushSoon();
    }

    @Override
    public void deadline(long millis) {
        deadlineAt = millis > 0 ? owner.now() + millis : NEVER;
    }

    @Override
    public void regulate() {
        if (upgraded != null && upgraded.hungry() && early == null) {
            int due = unconsumed;
            unconsumed = 0;
            owner.connection().consumed(stream, due);
        }
    }

    @Override
    public boolean writable() {
        return owner.writable();
    }

    @Override
    public ByteBufAllocator alloc() {
        return owner.connection().channel().alloc();
    }
}
