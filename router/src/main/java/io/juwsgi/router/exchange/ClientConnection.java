package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection: bytes in, bytes out, deadlines and the end of it. Owned by its event loop.
 *
 * <p>A protocol front extends it with {@link #step}, which takes requests from {@link #input}. One exchange is under way at
 * a time; while its handler does not want more, at most {@link #READ_AHEAD} bytes are read.
 */
public abstract class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

    /** How much is read that nobody asked for yet, in bytes. */
    private static final int READ_AHEAD = 64 * 1024;

    /** How long a client that still sends is listened to, so that it gets to read the last answer. */
    private static final long LINGER_MILLIS = 5_000;

    /** What a deadline is about. */
    protected enum Deadline {
        /** There is none. */
        NONE,
        /** The next request; the connection is closed without a word. */
        IDLE,
        /** The rest of a request's head. */
        HEAD,
        /** More of a request's body. */
        BODY,
        /** The client's closing after the last answer. */
        LINGER
    }

    private final Channel channel;
    private final Front front;
    private final LoopContext loop;

    @Nullable
    ClientConnection previous;

    @Nullable
    ClientConnection next;

    /** Bytes that came and were not taken yet. */
    protected @Nullable ByteBuf input;

    /** The exchange that is under way. */
    protected @Nullable ServerExchange exchange;

    private boolean pumping;
    private boolean inputEnded;
    private boolean closing;
    private boolean gone;
    private boolean draining;
    private boolean flushRequested;
    private Deadline deadline = Deadline.NONE;
    private long deadlineAt;
    private long writeMark;
    private long writeStalledSince;

    protected ClientConnection(Channel channel, Front front, LoopContext loop) {
        this.channel = channel;
        this.front = front;
        this.loop = loop;
    }

    /**
     * Takes one thing from {@link #input}: a head, some body.
     *
     * @return whether it is worth calling again
     */
    protected abstract boolean step();

    /** Goes on after an exchange: to the next request, or {@link #closeAfterWrites}. */
    protected abstract void afterExchange(ServerExchange ended);

    /** Answers that a deadline has passed, or closes. */
    protected abstract void expired(Deadline what);

    /** Goes on after the client's end of data, when everything that came was taken. */
    protected abstract void inputOver();

    /** Returns whether no request is begun. */
    protected abstract boolean idle();

    /** Returns whether the handler or the front wants more bytes now. */
    protected abstract boolean hungry();

    /** Called when the handler wants body data. */
    void bodyWanted() {
        bodyAsked();
        pump();
    }

    /** Called before the first body data that a handler asks for. */
    protected void bodyAsked() {}

    /** Returns the channel. */
    public Channel channel() {
        return channel;
    }

    /** Returns what this connection shares with the others of its listener. */
    public Front front() {
        return front;
    }

    /** Returns what this connection shares with the others of its event loop. */
    public LoopContext loop() {
        return loop;
    }

    /** Returns whether the connection may serve another request, as far as the server is concerned. */
    protected boolean mayPersist() {
        return !draining && !closing;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        loop.add(this);
        front.counters().accepted.increment();
        writeStalledSince = loop.millis();
        deadline(Deadline.IDLE, front.limits().timeoutMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        front.counters().bytesIn.add(bytes.readableBytes());
        if (closing || gone) {
            bytes.release();
            return;
        }
        input = input == null ? bytes : append(input, bytes);
        if (deadline == Deadline.BODY) {
            deadline(Deadline.BODY, front.limits().timeoutMillis());
        }
        pump();
    }

    // Never moves bytes that are already there: chunks that were handed out may be slices of them.
    private ByteBuf append(ByteBuf old, ByteBuf bytes) {
        if (old.writableBytes() >= bytes.readableBytes()) {
            old.writeBytes(bytes);
            bytes.release();
            return old;
        }
        int needed = old.readableBytes() + bytes.readableBytes();
        ByteBuf bigger = channel.alloc().directBuffer(Math.max(needed, 2 * old.readableBytes()));
        bigger.writeBytes(old).writeBytes(bytes);
        old.release();
        bytes.release();
        return bigger;
    }

    /** Takes what can be taken, then decides whether to read on. */
    protected final void pump() {
        if (pumping || closing || gone) {
            return;
        }
        pumping = true;
        try {
            while (!closing && !gone && step()) {
                // Each step takes one thing.
            }
            if (inputEnded && !closing && !gone) {
                inputOver();
            }
        } catch (RuntimeException e) {
            bug(e);
        } finally {
            pumping = false;
        }
        releaseEmptyInput();
        regulate();
    }

    private void releaseEmptyInput() {
        if (input != null && (!input.isReadable() || closing || gone)) {
            input.release();
            input = null;
        }
    }

    private void regulate() {
        boolean read = closing || input == null || input.readableBytes() < READ_AHEAD || hungry();
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private void bug(RuntimeException e) {
        ServerExchange current = exchange;
        if (current != null) {
            current.lastOne();
            current.bug(e);
        } else {
            LOG.log(Level.ERROR, "connection of " + channel.remoteAddress() + " failed: " + e, e);
            abort();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (deadline == Deadline.LINGER) {
                close();
            } else {
                pump();
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ServerExchange current = exchange;
        if (current != null && channel.isWritable()) {
            current.becameWritable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (gone) {
            return;
        }
        gone = true;
        loop.remove(this);
        front.counters().closed.increment();
        ServerExchange current = exchange != null ? exchange : closing ? null : begun();
        exchange = null;
        if (current != null) {
            current.clientGone();
        }
        if (!pumping) {
            releaseEmptyInput();
        }
        released();
    }

    /** Returns an exchange for a request that was begun and not handed over yet, or null. */
    protected abstract @Nullable ServerExchange begun();

    /** Gives back what the front holds; the connection is gone. */
    protected void released() {}

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.log(Level.DEBUG, "connection of {0}: {1}", channel.remoteAddress(), cause.getMessage());
        } else {
            LOG.log(Level.ERROR, "connection of " + channel.remoteAddress() + " failed: " + cause, cause);
        }
        close();
    }

    void exchangeEnded(ServerExchange ended, boolean cut) {
        if (ended != exchange) {
            return;
        }
        exchange = null;
        if (cut) {
            abort();
        } else if (!closing) {
            afterExchange(ended);
            pump();
        }
    }

    /** Writes a buffer or file region, which the channel owns from here on. */
    protected final void write(Object message) {
        var _ = channel.write(message, channel.voidPromise());
    }

    /** Flushes at the end of the event loop's turn. */
    protected final void requestFlush() {
        if (!flushRequested) {
            flushRequested = true;
            loop.flushLater(this);
        }
    }

    void flushNow() {
        flushRequested = false;
        if (gone) {
            return;
        }
        ServerExchange current = exchange;
        if (current != null) {
            try {
                current.commitHeld();
            } catch (RuntimeException e) {
                bug(e);
            }
        }
        channel.flush();
    }

    /**
     * Closes once everything is written.
     *
     * @param linger whether the client may still be sending: closing at once would reset the connection, and the client
     *     would lose the answer
     */
    protected final void closeAfterWrites(boolean linger) {
        if (closing) {
            return;
        }
        closing = true;
        deadline(Deadline.NONE, 0);
        boolean wait = linger && !inputEnded;
        var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (wait && written.isSuccess() && channel instanceof DuplexChannel duplex && !inputEnded) {
                deadline(Deadline.LINGER, LINGER_MILLIS);
                ChannelEnd.endOutput(duplex);
            } else {
                close();
            }
        });
        if (!pumping) {
            releaseEmptyInput();
            regulate();
        }
    }

    /** Closes at once. */
    protected final void close() {
        var _ = channel.close();
    }

    /** Cuts the connection so that the client sees that something is missing. */
    protected final void abort() {
        closing = true;
        if (gone) {
            return;
        }
        try {
            // With a reset; the end of a body without a length would look like a complete one otherwise.
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            LOG.log(Level.DEBUG, "the connection was closed already", e);
        }
        ChannelEnd.cut(channel);
    }

    /** Closes the connection at once when it is idle, after the current answer otherwise. */
    public void drain() {
        draining = true;
        if (!closing && idle()) {
            closeAfterWrites(false);
        }
    }

    /** Ends the connection, whatever is under way; the server ends. */
    public void cut() {
        abort();
    }

    /** Sets the one deadline of this connection, in place of the last. */
    protected final void deadline(Deadline what, long millis) {
        deadline = what;
        deadlineAt = loop.millis() + millis + LoopContext.TICK;
    }

    /** Returns what the deadline is about. */
    protected final Deadline deadline() {
        return deadline;
    }

    void tick(long now) {
        if (writeStalled(now)) {
            LOG.log(Level.DEBUG, "connection of {0}: the client does not read", channel.remoteAddress());
            stalled();
        } else if (deadline != Deadline.NONE && now > deadlineAt) {
            Deadline what = deadline;
            deadline = Deadline.NONE;
            if (what == Deadline.LINGER) {
                close();
            } else {
                expired(what);
            }
        }
    }

    private void stalled() {
        ServerExchange current = exchange;
        if (current != null) {
            current.account().why("client-does-not-read");
            current.clientGone();
        }
        abort();
    }

    // The outbound buffer's progress changes with every byte that the socket takes.
    private boolean writeStalled(long now) {
        ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
        if (pending == null || pending.isEmpty()) {
            writeStalledSince = now;
            return false;
        }
        long mark = pending.totalPendingWriteBytes() * 31 + pending.currentProgress() * 7 + pending.size();
        if (mark != writeMark) {
            writeMark = mark;
            writeStalledSince = now;
        }
        return now - writeStalledSince > front.limits().timeoutMillis();
    }

    /** Fails the current exchange and its body for something that the client did, and makes it the last one. */
    protected final void failClient(Failure failure) {
        ServerExchange current = exchange;
        if (current != null) {
            current.lastOne();
            current.inbound().fail(failure);
            current.fail(failure);
        }
    }
}
