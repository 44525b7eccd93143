package io.juwsgi.router.worker;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.protocol.marshal.MarshalWriter;
import io.juwsgi.spi.exchange.Request;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one core: requests and bodies, gathered in one buffer for each turn of the event loop. Owned by the
 * pool's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class CoreOutput implements CallBody.Target {
    private static final int BUFFER = 16 * 1024;

    private final PoolContext pool;
    private @Nullable Channel channel;
    private @Nullable ByteBuf out;
    private boolean flushing;
    private boolean closed;
    private int unsent;

    CoreOutput(PoolContext pool) {
        this.pool = pool;
    }

    /** The connection is there. */
    void open(Channel connected) {
        channel = connected;
    }

    /** Writes nothing more. Returns how many requests were never sent: the last ones. */
    int close() {
        closed = true;
        if (out != null) {
            out.release();
            out = null;
        }
        return unsent;
    }

    /** Writes a request, with its body when that was gathered; after an exception nothing of it is written. */
    void request(Call call) {
        ByteBuf buffer = out();
        int mark = buffer.writerIndex();
        try {
            encode(call, buffer);
        } catch (RuntimeException e) {
            buffer.writerIndex(mark);
            throw e;
        }
        unsent++;
    }

    private void encode(Call call, ByteBuf buffer) {
        Request request = call.exchange().request();
        MarshalWriter marshal = pool.marshal();
        marshal.reset();
        marshal.beginDict();
        request.variables(pool.variables());
        marshal.variable("wsgi.url_scheme", request.scheme());
        marshal.variable("juwsgi.request_id", call.exchange().id());
        marshal.endDict();
        int environ = marshal.length();
        ByteBuf body = call.body().bytes();
        int inline = body == null ? 0 : body.readableBytes();
        if (environ + inline > FrameHeader.MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "environ: " + environ + " bytes (expected: at most " + FrameHeader.MAX_LENGTH + ")");
        }
        int flags = call.body().streams() ? 0 : FrameHeader.END;
        Frames.header(buffer, environ + inline, FrameType.REQUEST, flags, call.id(), environ);
        buffer.writeBytes(marshal.array(), 0, environ);
        if (body != null) {
            buffer.writeBytes(body, body.readerIndex(), inline);
        }
    }

    /** Answers FILE. */
    void fileTaken(Call call, int flags) {
        Frames.header(out(), 0, FrameType.FILE_TAKEN, flags, call.id(), 0);
    }

    /** Answers WEBSOCKET. */
    void accepted(Call call, boolean accepted) {
        Frames.header(out(), 0, FrameType.ACCEPTED, accepted ? 0 : FrameHeader.REFUSED, call.id(), 0);
    }

    /** Writes a message of a WebSocket's client, which it owns from here on. */
    void message(Call call, boolean text, ByteBuf message) {
        if (closed) {
            message.release();
            return;
        }
        Frames.header(out(), message.readableBytes(), FrameType.MESSAGE, 0, call.id(), text ? 1 : 0);
        writeOut();
        channel().write(message, channel().voidPromise());
    }

    /** Says that no further message of a WebSocket comes. */
    void socketClosed(Call call, int code) {
        if (!closed) {
            Frames.header(out(), 0, FrameType.CLOSED, FrameHeader.END, call.id(), code);
        }
    }

    @Override
    public void body(Call call, ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        while (bytes.readableBytes() > FrameHeader.MAX_LENGTH) {
            bodyFrame(call, bytes.readRetainedSlice(FrameHeader.MAX_LENGTH));
        }
        bodyFrame(call, bytes);
    }

    private void bodyFrame(Call call, ByteBuf bytes) {
        Frames.header(out(), bytes.readableBytes(), FrameType.BODY, 0, call.id(), 0);
        writeOut();
        channel().write(bytes, channel().voidPromise());
    }

    @Override
    public void bodyEnd(Call call, boolean cutOff) {
        if (!closed) {
            int flags = cutOff ? FrameHeader.END | FrameHeader.REFUSED : FrameHeader.END;
            Frames.header(out(), 0, FrameType.BODY, flags, call.id(), 0);
        }
    }

    @Override
    public boolean takesMore() {
        return !closed && channel().isWritable();
    }

    private Channel channel() {
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("core link: not connected (expected: connected)");
        }
        return open;
    }

    private ByteBuf out() {
        if (!flushing) {
            flushing = true;
            pool.flushLater(this);
        }
        ByteBuf buffer = out;
        if (buffer == null) {
            buffer = channel().alloc().buffer(BUFFER);
            out = buffer;
        }
        return buffer;
    }

    private void writeOut() {
        ByteBuf buffer = out;
        if (buffer != null) {
            out = null;
            channel().write(buffer, channel().voidPromise());
        }
    }

    /** Sends what was written in this turn of the event loop. */
    void flush() {
        flushing = false;
        if (!closed) {
            unsent = 0;
            writeOut();
            channel().flush();
        }
    }
}
