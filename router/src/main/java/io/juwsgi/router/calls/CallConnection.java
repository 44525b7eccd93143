package io.juwsgi.router.calls;

import io.juwsgi.protocol.link.FrameException;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.worker.FrameDecoder;
import io.juwsgi.router.worker.Frames;
import io.juwsgi.spi.worker.WorkerFunction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one thread of an application: one call at a time. Whatever breaks the rules ends the connection and
 * nothing else. Owned by the server's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class CallConnection extends ChannelInboundHandlerAdapter implements FrameDecoder.Receiver {
    private static final System.Logger LOG = System.getLogger(CallConnection.class.getName());

    /** The longest name of a function, in bytes. */
    static final int MAX_NAME = 64;

    /** The most arguments of a call. */
    static final int MAX_ARGUMENTS = 64;

    private final CallServer server;
    private final FrameDecoder decoder = new FrameDecoder(this, FrameHeader.MAX_LENGTH);
    private @Nullable ChannelHandlerContext context;
    private @Nullable PendingCall pending;
    private boolean greeted;
    private int worker;
    private long pid;

    CallConnection(CallServer server) {
        this.server = server;
    }

    /** Returns the process that calls. */
    long pid() {
        return pid;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            decoder.decode(bytes);
        } catch (FrameException e) {
            LOG.log(Level.WARNING, "calls: worker=" + worker + " pid=" + pid + ": " + e.getMessage());
            close();
        } finally {
            bytes.release();
        }
    }

    @Override
    public void frame(int type, int flags, int id, int aux, long micros, ByteBuf bytes, int length)
            throws FrameException {
        if (!greeted) {
            if (type != FrameType.HELLO || length != 0) {
                throw new FrameException("first frame type: " + type + " (expected: 0, HELLO, without payload)");
            }
            greeted = true;
            worker = id;
            pid = Integer.toUnsignedLong(aux);
            return;
        }
        if (type != FrameType.CALL) {
            throw new FrameException("frame type: " + type + " (expected: 96, CALL)");
        }
        if (pending != null) {
            throw new FrameException("call " + Integer.toUnsignedString(id) + " before the last one was answered");
        }
        begin(id, aux, bytes, length);
    }

    private void begin(int id, int nameLength, ByteBuf bytes, int length) throws FrameException {
        if (nameLength < 1 || nameLength > MAX_NAME || nameLength > length) {
            throw new FrameException("name of a function: " + Integer.toUnsignedString(nameLength)
                    + " bytes (expected: 1 to " + MAX_NAME + ", within the payload)");
        }
        int at = bytes.readerIndex();
        String name = bytes.toString(at, nameLength, StandardCharsets.ISO_8859_1);
        List<byte[]> arguments = arguments(bytes, at + nameLength, at + length);
        PendingCall call = new PendingCall(this, id, worker, arguments);
        pending = call;
        try {
            dispatch(name, call);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "calls: function=" + printable(name) + " worker=" + worker + " failed: " + e, e);
            call.fail("the function failed in the server: its log says why");
        }
    }

    private static List<byte[]> arguments(ByteBuf bytes, int from, int end) throws FrameException {
        List<byte[]> arguments = new ArrayList<>(4);
        int at = from;
        while (at < end) {
            int size = end - at < Integer.BYTES ? -1 : bytes.getIntLE(at);
            at += Integer.BYTES;
            if (size < 0 || size > end - at) {
                throw new FrameException("argument of a call: " + Integer.toUnsignedString(size)
                        + " bytes (expected: what the payload holds)");
            }
            if (arguments.size() == MAX_ARGUMENTS) {
                throw new FrameException("arguments of a call: more than " + MAX_ARGUMENTS);
            }
            byte[] argument = new byte[size];
            bytes.getBytes(at, argument);
            arguments.add(argument);
            at += size;
        }
        return arguments;
    }

    private void dispatch(String name, PendingCall call) {
        switch (name) {
            case "lock" -> server.locks().lock(this, call);
            case "unlock" -> server.locks().unlock(this, call);
            case "is_locked" -> server.locks().isLocked(call);
            default -> {
                WorkerFunction function = server.function(name);
                if (function == null) {
                    call.fail("no function " + printable(name) + " in this configuration");
                } else {
                    function.call(call);
                }
            }
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[^a-z0-9_]", "?");
    }

    /** Sends an answer; from any thread. */
    void answer(PendingCall call, int id, boolean refused, byte[][] values) {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            return;
        }
        if (ctx.executor().inEventLoop()) {
            write(ctx, call, id, refused, values);
        } else {
            ctx.executor().execute(() -> write(ctx, call, id, refused, values));
        }
    }

    private void write(ChannelHandlerContext ctx, PendingCall call, int id, boolean refused, byte[][] values) {
        if (!call.equals(pending)) {
            return;
        }
        pending = null;
        long length = 0;
        for (byte[] value : values) {
            length += value.length + (refused ? 0 : Integer.BYTES);
        }
        if (length > FrameHeader.MAX_LENGTH) {
            pending = call;
            byte[] why = ("the answer has " + length + " bytes (expected: at most " + FrameHeader.MAX_LENGTH + ")")
                    .getBytes(StandardCharsets.UTF_8);
            write(ctx, call, id, true, new byte[][] {why});
            return;
        }
        ByteBuf out = ctx.alloc().buffer(FrameHeader.SIZE + (int) length);
        int flags = refused ? FrameHeader.END | FrameHeader.REFUSED : FrameHeader.END;
        Frames.header(out, (int) length, FrameType.REPLY, flags, id, refused ? 0 : values.length);
        for (byte[] value : values) {
            if (!refused) {
                out.writeIntLE(value.length);
            }
            out.writeBytes(value);
        }
        ctx.writeAndFlush(out, ctx.voidPromise());
    }

    @Override
    public void body(ByteBuf bytes, int length) throws FrameException {
        throw new FrameException("a frame with a body (expected: CALL)");
    }

    @Override
    public void frameEnd() {
        // A call is whole with its start.
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.log(Level.ERROR, "calls: worker=" + worker + " pid=" + pid, cause);
        }
        close();
    }

    void close() {
        if (context != null) {
            context.close();
        }
        end();
    }

    private void end() {
        if (context != null) {
            context = null;
            pending = null;
            decoder.close();
            server.ended(this);
        }
    }
}
