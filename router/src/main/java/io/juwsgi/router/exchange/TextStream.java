package io.juwsgi.router.exchange;

import io.juwsgi.router.exchange.ResponseEncoder.Framing;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.FileRegion;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response as HTTP/1 text on a connection that serves one exchange at a time. Owned by the connection's event loop. */
final class TextStream implements ClientStream {
    /** Up to this size a body is copied behind its head, so that one buffer is written. */
    private static final int COPIED_BODY = 16 * 1024;

    private final SerialConnection connection;
    private final WireStyle style;
    private boolean keepAlive;
    private Framing framing = Framing.NONE;
    /** Whether nothing of this response is for the client. */
    private boolean mute;

    private int headBytes;
    private int fieldCount;

    /**
     * Makes a stream.
     *
     * @param keepAlive whether the client lets the connection serve another request after this one
     */
    TextStream(SerialConnection connection, WireStyle style, boolean keepAlive) {
        this.connection = connection;
        this.style = style;
        this.keepAlive = keepAlive;
    }

    @Override
    public Front front() {
        return connection.front();
    }

    @Override
    public LoopContext loop() {
        return connection.loop();
    }

    @Override
    public boolean head(Response head, boolean bodiless, long length, @Nullable ByteBuf content) {
        keepAlive = keepAlive && connection.mayPersist() && !asksToClose(head);
        framing = framing(bodiless, length);
        int size = content == null ? 0 : content.readableBytes();
        if (style == WireStyle.BARE) {
            mute = head.status() != 200;
            if (content != null) {
                data(content);
            }
            return true;
        }
        int copied = framing == Framing.LENGTH && size <= COPIED_BODY ? size : 0;
        ByteBuf out = encode(head, length, copied);
        if (out == null) {
            if (content != null) {
                content.release();
            }
            return false;
        }
        if (content == null) {
            connection.write(out);
        } else if (copied == 0) {
            connection.write(out);
            data(content);
        } else {
            connection.write(out.writeBytes(content));
            content.release();
        }
        return true;
    }

    @Override
    public void interim(Response head) {
        ResponseEncoder encoder = loop().encoder();
        if (style == WireStyle.HTTP_1_1 && encoder.begin(head)) {
            encoder.emptyLine();
            ByteBuf out = connection.channel().alloc().directBuffer(encoder.length());
            connection.write(out.writeBytes(encoder.bytes(), 0, encoder.length()));
        }
    }

    private static boolean asksToClose(Response head) {
        String wish = head.fields().first("connection");
        return wish != null && wish.equalsIgnoreCase("close");
    }

    private Framing framing(boolean bodiless, long length) {
        if (bodiless) {
            return Framing.NONE;
        }
        if (length >= 0) {
            return Framing.LENGTH;
        }
        if (style == WireStyle.HTTP_1_1) {
            return Framing.CHUNKED;
        }
        keepAlive = false;
        return Framing.CLOSE;
    }

    private @Nullable ByteBuf encode(Response head, long length, int room) {
        ResponseEncoder encoder = loop().encoder();
        if (head.status() < 200 || !encoder.begin(head)) {
            return null;
        }
        encoder.finish(length >= 0 ? Framing.LENGTH : framing, length);
        if (style != WireStyle.UWSGI) {
            encoder.serverAndDate(loop().dateLine());
            encoder.connection(keepAlive, style == WireStyle.HTTP_1_0);
        }
        encoder.emptyLine();
        headBytes = encoder.length();
        fieldCount = encoder.fieldCount();
        ByteBuf out = connection.channel().alloc().directBuffer(headBytes + room);
        return out.writeBytes(encoder.bytes(), 0, headBytes);
    }

    @Override
    public void data(ByteBuf bytes) {
        if (mute) {
            bytes.release();
        } else if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.before(connection.channel().alloc(), bytes.readableBytes()));
            connection.write(bytes);
            connection.write(ChunkMarks.after());
        } else {
            connection.write(bytes);
        }
    }

    @Override
    public void file(FileRegion region, long count) {
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.before(connection.channel().alloc(), count));
        }
        connection.write(FileWriter.message(connection.channel(), region, count));
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.after());
        }
    }

    @Override
    public void end() {
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.last());
        }
    }

    @Override
    public @Nullable WebSocketChannel webSocket(
            ServerExchange exchange, List<String> protocols, WebSocketChannel.Receiver receiver) {
        return style == WireStyle.HTTP_1_1 ? connection.webSocket(exchange, protocols, receiver) : null;
    }

    @Override
    public boolean carriesTrailers() {
        return style == WireStyle.HTTP_1_1;
    }

    @Override
    public void end(Fields trailers) {
        if (framing == Framing.CHUNKED) {
            connection.write(ChunkMarks.last(connection.channel().alloc(), trailers));
        }
    }

    @Override
    public @Nullable TunnelChannel tunnel(ServerExchange exchange, Response head, TunnelChannel.Receiver receiver) {
        if (style != WireStyle.HTTP_1_1) {
            return null;
        }
        return connection.tunnel(exchange, head, receiver);
    }

    @Override
    public boolean writable() {
        return connection.channel().isWritable();
    }

    @Override
    public void requestFlush() {
        connection.requestFlush();
    }

    @Override
    public void ended(ServerExchange exchange, boolean cut) {
        connection.exchangeEnded(exchange, keepAlive, cut);
    }

    @Override
    public int headBytes() {
        return headBytes;
    }

    @Override
    public int fieldCount() {
        return fieldCount;
    }
}
