package io.juwsgi.router.worker;

import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.WebSocket;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket of one call: messages between its client and the core that has the call for as long as it lasts. Owned by the
 * pool's event loop.
 */
final class CallSocket implements WebSocketChannel.Receiver {
    private static final int MOST_PARTS = 1024;

    private final Call call;
    private final CoreOutput output;
    private @Nullable WebSocketChannel channel;
    private @Nullable CompositeByteBuf message;
    private boolean text;
    private boolean paused;
    private boolean closed;

    CallSocket(Call call, CoreOutput output) {
        this.call = call;
        this.output = output;
    }

    /**
     * Accepts it, and tells the core whether that was possible.
     *
     * @param protocol the subprotocol to agree on; when empty the client's first one
     */
    void open(String protocol) {
        List<String> protocols =
                protocol.isEmpty() ? offered(call.exchange().request().fields()) : List.of(protocol);
        RemoteExchange.webSocket(call.exchange(), protocols, this, this::opened);
    }

    private static List<String> offered(Fields fields) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.name(i).equalsIgnoreCase("sec-websocket-protocol")) {
                for (String word : fields.value(i).split(",", -1)) {
                    all.add(word.strip());
                }
            }
        }
        return all;
    }

    private void opened(@Nullable WebSocketChannel opened) {
        channel = opened;
        if (opened != null) {
            call.responseBegins();
        }
        output.accepted(call, opened != null);
    }

    /** Returns whether there is a WebSocket, whether or not it is closed by now. */
    boolean isOpen() {
        return channel != null;
    }

    // ---- from the core

    /** A message begins. */
    void begin(boolean isText) {
        text = isText;
        message = Unpooled.compositeBuffer(MOST_PARTS);
    }

    /** Returns whether a message has begun and was not sent. */
    boolean sending() {
        return message != null;
    }

    /** Takes a part of the message: {@code length} bytes from the reader index on. */
    void part(ByteBuf bytes, int length) {
        if (message != null) {
            message.addComponent(true, bytes.retainedSlice(bytes.readerIndex(), length));
        }
    }

    /**
     * Sends the message.
     *
     * @param writable called when the client has caught up
     * @return whether the next message may follow at once
     */
    boolean send(Runnable writable) {
        CompositeByteBuf whole = message;
        message = null;
        WebSocketChannel open = channel;
        if (whole == null) {
            return true;
        }
        if (open == null || closed) {
            whole.release();
            return true;
        }
        open.send(text, new NettyChunk(whole));
        if (open.writable()) {
            return true;
        }
        open.onWritable(writable);
        return false;
    }

    /** The application has come to its end. */
    void close() {
        if (channel != null) {
            channel.close(WebSocket.NORMAL, "");
        }
    }

    // ---- from the client

    @Override
    public void message(boolean isText, Chunk payload) {
        if (call.place() != Call.Place.IN_FLIGHT) {
            payload.release();
            return;
        }
        output.message(call, isText, NettyChunk.buffer(payload));
        if (!output.takesMore() && !paused && channel != null) {
            paused = true;
            channel.pause();
        }
    }

    /** The core takes more again. */
    void resume() {
        if (paused && channel != null) {
            paused = false;
            channel.resume();
        }
    }

    @Override
    public void closed(int code) {
        closed = true;
        if (call.place() == Call.Place.IN_FLIGHT) {
            output.socketClosed(call, code);
        }
    }
}
