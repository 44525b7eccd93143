package io.juwsgi.router.websocket;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.Upgraded;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: messages between a handler and the connection, pings to a client that is silent, the closing handshake.
 * Owned by the connection's event loop; frames are taken apart and put together by the pipeline in front of it.
 */
public final class WebSocketSession implements Upgraded, WebSocketChannel {
    /** How long a client may take to answer a Close. */
    private static final long CLOSE_MILLIS = 5_000;

    private static final int NO_CODE = 1005;
    private static final int GONE = 1006;

    /** What a session asks of its connection. */
    public interface Line {
        /** Writes a frame, which the line owns from here on, and flushes at the end of the event loop's turn. */
        void write(WebSocketFrame frame);

        /** Closes once everything is written; the client may still be sending. */
        void close();

        /** Sets the time after which {@link Upgraded#expired} is called, in place of the last. */
        void deadline(long millis);

        /** Reads on or not, as {@link Upgraded#hungry} says. */
        void regulate();

        /** Returns whether the socket takes bytes. */
        boolean writable();
    }

    private final ServerExchange exchange;
    private final WebSocketLimits limits;
    private final @Nullable String protocol;
    private final Receiver receiver;
    private final Line line;
    private @Nullable Runnable writableListener;
    private boolean paused;
    private boolean pinged;
    private boolean closeSent;
    private boolean over;

    /**
     * Begins a session; the answer to the handshake was written.
     *
     * @param protocol the subprotocol that was agreed on, or null
     */
    public WebSocketSession(
            ServerExchange exchange, WebSocketLimits limits, @Nullable String protocol, Receiver receiver, Line line) {
        this.exchange = exchange;
        this.limits = limits;
        this.protocol = protocol;
        this.receiver = receiver;
        this.line = line;
        line.deadline(limits.pingMillis());
    }

    @Override
    public void read(Object message) {
        if (over || !(message instanceof WebSocketFrame frame)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!closeSent) {
            pinged = false;
            line.deadline(limits.pingMillis());
        }
        switch (frame) {
            case TextWebSocketFrame text -> deliver(true, text.content());
            case BinaryWebSocketFrame binary -> deliver(false, binary.content());
            case PingWebSocketFrame ping -> pong(ping);
            case CloseWebSocketFrame close -> closed(close);
            default -> frame.release();
        }
    }

    private void deliver(boolean text, ByteBuf content) {
        if (closeSent) {
            content.release();
        } else {
            receiver.message(text, new NettyChunk(content));
        }
    }

    private void pong(PingWebSocketFrame ping) {
        // A client that pings and does not read gets no more than the socket holds.
        if (!closeSent && line.writable()) {
            line.write(new PongWebSocketFrame(ping.content()));
        } else {
            ping.release();
        }
    }

    private void closed(CloseWebSocketFrame close) {
        int code = close.statusCode();
        close.release();
        if (!closeSent) {
            closeSent = true;
            line.write(code < 0 ? new CloseWebSocketFrame() : new CloseWebSocketFrame(code, ""));
        }
        finish(code < 0 ? NO_CODE : code);
    }

    private void finish(int code) {
        if (over) {
            return;
        }
        over = true;
        line.close();
        exchange.webSocketEnded();
        receiver.closed(code);
    }

    @Override
    public void expired() {
        if (over) {
            return;
        }
        if (closeSent || pinged) {
            why("websocket-timeout");
            finish(GONE);
        } else {
            pinged = true;
            line.deadline(limits.pongMillis());
            line.write(new PingWebSocketFrame());
        }
    }

    private void why(String reason) {
        if (exchange.account().why() == null) {
            exchange.account().why(reason);
        }
    }

    @Override
    public void inputOver(boolean gone) {
        if (!over) {
            why("client-gone");
            finish(GONE);
        }
    }

    @Override
    public void failed(Throwable cause) {
        WebSocketCloseStatus status = switch (cause.getCause() == null ? cause : cause.getCause()) {
            case CorruptedWebSocketFrameException corrupted -> corrupted.closeStatus();
            case TooLongFrameException _ -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
            default -> WebSocketCloseStatus.PROTOCOL_ERROR;
        };
        why("websocket-" + status.code());
        if (!closeSent && !over) {
            closeSent = true;
            line.write(new CloseWebSocketFrame(status));
        }
        finish(status.code());
    }

    @Override
    public void exchangeEnded() {
        if (!over) {
            over = true;
            if (!closeSent) {
                closeSent = true;
                line.write(new CloseWebSocketFrame(WebSocketCloseStatus.INTERNAL_SERVER_ERROR));
            }
            line.close();
            receiver.closed(GONE);
        }
    }

    @Override
    public void goAway() {
        close(WebSocketCloseStatus.ENDPOINT_UNAVAILABLE.code(), "The server stops.");
    }

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public void send(boolean text, Chunk payload) {
        if (closeSent || over) {
            payload.release();
            return;
        }
        exchange.sent(payload.size());
        ByteBuf bytes = NettyChunk.buffer(payload);
        line.write(text ? new TextWebSocketFrame(bytes) : new BinaryWebSocketFrame(bytes));
    }

    @Override
    public void close(int code, String reason) {
        if (!closeSent && !over) {
            closeSent = true;
            paused = false;
            line.write(new CloseWebSocketFrame(code, reason));
            line.deadline(CLOSE_MILLIS);
            line.regulate();
        }
    }

    @Override
    public boolean writable() {
        return !over && line.writable();
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
        line.regulate();
    }

    @Override
    public void resume() {
        paused = false;
        line.regulate();
    }

    @Override
    public boolean hungry() {
        return !paused;
    }
}
