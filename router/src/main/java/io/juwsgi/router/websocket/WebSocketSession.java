package io.juwsgi.router.websocket;

import io.juwsgi.router.exchange.Carrier;
import io.juwsgi.router.exchange.NettyChunk;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.Upgraded;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: messages between a handler and the connection, pings to a client that is silent, the closing handshake.
 * Owned by the connection's event loop.
 */
public final class WebSocketSession extends Upgraded implements WebSocketChannel, MessageReader.Sink {
    /** How long a client may take to answer a Close. */
    private static final long CLOSE_MILLIS = 5_000;

    /** A larger message would hold the event loop up for too long while it is deflated. */
    private static final int MOST_DEFLATED = 1024 * 1024;

    private static final int INTERNAL_ERROR = 1011;
    private static final int GOING_AWAY = 1001;
    private static final int NO_CODE = 1005;
    private static final int GONE = 1006;

    private final WebSocketLimits limits;
    private final @Nullable String protocol;
    private final Receiver receiver;
    private final MessageReader reader;
    private final @Nullable MessageDeflater deflater;
    private @Nullable ByteBuf input;
    private boolean reading;
    private boolean pinged;
    private boolean closeSent;

    /** Begins a session; the answer to the handshake was written. */
    public WebSocketSession(
            ServerExchange exchange, WebSocketLimits limits, Handshake agreed, Receiver receiver, Carrier carrier) {
        super(exchange, carrier);
        this.limits = limits;
        this.protocol = agreed.protocol();
        this.receiver = receiver;
        PerMessageDeflate deflate = agreed.deflate();
        this.deflater = deflate == null ? null : new MessageDeflater(deflate);
        MessageInflater inflater = deflate == null ? null : new MessageInflater(deflate.clientContext());
        this.reader = new MessageReader(limits.messageBytes(), inflater, carrier.alloc(), this);
        carrier.deadline(limits.pingMillis());
    }

    // ---- from the client

    @Override
    public void read(ByteBuf bytes) {
        if (over()) {
            bytes.release();
            return;
        }
        if (!closeSent) {
            pinged = false;
            carrier().deadline(limits.pingMillis());
        }
        input = input == null ? bytes : joined(input, bytes);
        readOn();
    }

    private ByteBuf joined(ByteBuf first, ByteBuf second) {
        int size = first.readableBytes() + second.readableBytes();
        ByteBuf both = carrier().alloc().buffer(size).writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Takes messages while they are wanted: a few bytes may be many of them, and each one much larger. */
    private void readOn() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            while (!over() && hungry() && reader.step(input == null ? Unpooled.EMPTY_BUFFER : input)) {
                // Each step takes one thing.
            }
        } catch (CloseException e) {
            failed(e);
        } finally {
            reading = false;
        }
        if (over()) {
            released();
        } else if (input != null && !input.isReadable()) {
            dropInput();
        }
    }

    private void dropInput() {
        ByteBuf held = input;
        input = null;
        if (held != null) {
            held.release();
        }
    }

    @Override
    public void message(boolean text, ByteBuf whole) {
        if (closeSent) {
            whole.release();
        } else {
            receiver.message(text, new NettyChunk(whole));
        }
    }

    @Override
    public void control(int opcode, ByteBuf payload) throws CloseException {
        // A client that pings and does not read gets no more than the socket holds.
        if (opcode == MessageReader.PING && !closeSent && carrier().writable()) {
            frame(MessageReader.PONG, payload);
            return;
        }
        try {
            if (opcode == MessageReader.CLOSE) {
                closed(code(payload));
            }
        } finally {
            payload.release();
        }
    }

    /** Reads what a Close frame holds (RFC 6455 section 5.5.1). */
    private static int code(ByteBuf payload) throws CloseException {
        if (!payload.isReadable()) {
            return NO_CODE;
        }
        int code = payload.readableBytes() == 1 ? 0 : payload.readUnsignedShort();
        if (!mayBeSent(code)) {
            throw CloseException.protocol("The close code is not valid.");
        }
        Utf8Check utf8 = new Utf8Check();
        if (!utf8.accepts(payload, payload.readerIndex(), payload.readableBytes()) || !utf8.complete()) {
            throw new CloseException(CloseException.BAD_PAYLOAD, "The reason is not UTF-8.");
        }
        return code;
    }

    /** RFC 6455 section 7.4 and IANA's registry. */
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private void closed(int code) {
        if (!closeSent) {
            closeSent = true;
            frame(
                    MessageReader.CLOSE,
                    code == NO_CODE
                            ? Unpooled.EMPTY_BUFFER
                            : FrameWriter.close(code, "", carrier().alloc()));
        }
        finish(code);
    }

    private void finish(int code) {
        if (end(true)) {
            exchange().webSocketEnded();
            receiver.closed(code);
        }
    }

    @Override
    public void expired() {
        if (over()) {
            return;
        }
        if (closeSent || pinged) {
            why("websocket-timeout");
            finish(GONE);
        } else if (!hungry()) {
            // The handler is slow, not the client: what it sends is not read.
            carrier().deadline(limits.pingMillis());
        } else {
            pinged = true;
            carrier().deadline(limits.pongMillis());
            frame(MessageReader.PING, Unpooled.EMPTY_BUFFER);
        }
    }

    private void why(String reason) {
        if (exchange().account().why() == null) {
            exchange().account().why(reason);
        }
    }

    @Override
    public void inputOver(boolean gone) {
        if (!over()) {
            why("client-gone");
            finish(GONE);
        }
    }

    private void failed(CloseException cause) {
        why("websocket-" + cause.code());
        sayClose(cause.code(), cause.reason());
        finish(cause.code());
    }

    @Override
    protected void released() {
        if (!reading) {
            dropInput();
            reader.release();
            if (deflater != null) {
                deflater.release();
            }
        }
    }

    // ---- from the server

    @Override
    public void exchangeEnded() {
        sayClose(INTERNAL_ERROR, "");
        if (end(true)) {
            receiver.closed(GONE);
        }
    }

    @Override
    public void goAway() {
        close(GOING_AWAY, "The server stops.");
    }

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public void send(boolean text, Chunk payload) {
        if (closeSent || over()) {
            payload.release();
            return;
        }
        int opcode = text ? MessageReader.TEXT : MessageReader.BINARY;
        ByteBuf bytes = NettyChunk.buffer(payload);
        ByteBuf deflated = deflated(bytes);
        if (deflated == null) {
            frame(opcode, bytes);
        } else {
            bytes.release();
            FrameWriter.write(opcode, true, deflated, carrier().alloc(), this::write);
        }
    }

    private @Nullable ByteBuf deflated(ByteBuf bytes) {
        int size = bytes.readableBytes();
        boolean worth = deflater != null && size >= limits.deflateBytes() && size <= MOST_DEFLATED;
        return worth && deflater != null ? deflater.deflate(bytes, carrier().alloc()) : null;
    }

    private void frame(int opcode, ByteBuf payload) {
        FrameWriter.write(opcode, false, payload, carrier().alloc(), this::write);
    }

    private void sayClose(int code, String reason) {
        if (!closeSent && !over()) {
            closeSent = true;
            frame(MessageReader.CLOSE, FrameWriter.close(code, reason, carrier().alloc()));
        }
    }

    @Override
    public void close(int code, String reason) {
        if (!mayBeSent(code)) {
            throw new IllegalArgumentException(
                    "close code: " + code + " (expected: 1000 to 1003, 1007 to 1014, or 3000 to 4999)");
        }
        if (!closeSent && !over()) {
            sayClose(code, reason);
            carrier().deadline(CLOSE_MILLIS);
            resume();
        }
    }

    @Override
    public void resume() {
        super.resume();
        readOn();
    }

    @Override
    public void pause() {
        // After a Close only the client's answer is looked for.
        if (!closeSent) {
            super.pause();
        }
    }
}
