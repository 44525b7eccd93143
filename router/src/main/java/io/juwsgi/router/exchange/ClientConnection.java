package io.juwsgi.router.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection, whatever its protocol: writing, deadlines and the end of it. Owned by its event loop. {@link
 * SerialConnection} adds what protocols with one exchange at a time have in common.
 */
public abstract class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(ClientConnection.class.getName());

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
        /** Something that has taken HTTP's place. */
        UPGRADED,
        /** The client's closing after the last answer. */
        LINGER
    }

    private final Channel channel;
    private final Front front;
    private final LoopContext loop;
    private final WriteWatch writes;

    @Nullable
    ClientConnection previous;

    @Nullable
    ClientConnection next;

    private boolean inputEnded;
    private boolean closing;
    private boolean gone;
    private boolean draining;
    private boolean flushRequested;
    private Deadline deadline = Deadline.NONE;
    private long deadlineAt;

    protected ClientConnection(Channel channel, Front front, LoopContext loop) {
        this.channel = channel;
        this.front = front;
        this.loop = loop;
        this.writes = new WriteWatch(loop.millis());
    }

    /** Answers that a deadline has passed, or closes. */
    protected abstract void expired(Deadline what);

    /** Returns whether no request is begun. */
    protected abstract boolean idle();

    /** Writes what exchanges hold back ({@link ServerExchange#commitHeld}); called before each flush. */
    protected abstract void commit();

    /** Goes on after the client has said that it sends nothing more. */
    protected abstract void inputShutdown();

    /** Ends whatever is under way: the channel is gone. Called once. */
    protected abstract void lost();

    /** Fails what is under way because the client does not read, or too slowly; the connection is cut after it. */
    protected abstract void stalled(String why);

    /** Hears that {@code millis} more have passed; for what is measured over time. */
    protected void ticked(long millis) {}

    /** Called when the connection has begun to close: nothing that still comes is looked at. */
    protected void closingBegun() {}

    /** Returns the channel. */
    public final Channel channel() {
        return channel;
    }

    /** Returns what this connection shares with the others of its listener. */
    public final Front front() {
        return front;
    }

    /** Returns what this connection shares with the others of its event loop. */
    public final LoopContext loop() {
        return loop;
    }

    /** Returns whether the connection may serve another request, as far as the server is concerned. */
    protected boolean mayPersist() {
        return !draining && !closing;
    }

    /** Returns whether the connection is being closed or is gone. */
    protected final boolean over() {
        return closing || gone;
    }

    /** Returns whether the connection is being closed by us. */
    protected final boolean closing() {
        return closing;
    }

    /** Returns whether the client has said that it sends nothing more. */
    protected final boolean inputEnded() {
        return inputEnded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        loop.add(this);
        ctx.pipeline().addFirst(writes);
        front.counters().accepted.increment();
        deadline(Deadline.IDLE, front.limits().timeoutMillis());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            inputEnded = true;
            if (deadline == Deadline.LINGER) {
                close();
            } else {
                inputShutdown();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!gone) {
            gone = true;
            loop.remove(this);
            front.counters().closed.increment();
            lost();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        // What a decoder throws, TLS's for one, has its cause inside.
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            LOG.log(Level.DEBUG, "connection of {0}: {1}", channel.remoteAddress(), cause.getMessage());
        } else {
            LOG.log(Level.ERROR, "connection of " + channel.remoteAddress() + " failed: " + cause, cause);
        }
        close();
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
        if (!gone) {
            commit();
            channel.flush();
        }
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
        closingBegun();
    }

    /**
     * Gives its place to a connection of another protocol.
     *
     * @param rest the bytes that were not taken, owned by the successor from here on
     */
    protected final void giveWay(ClientConnection successor, ByteBuf rest) {
        gone = true;
        loop.remove(this);
        // The successor counts them again.
        front.counters().accepted.decrement();
        front.counters().received(-rest.readableBytes());
        channel.pipeline().remove(writes);
        channel.pipeline().replace(this, null, successor);
        channel.pipeline().fireChannelRead(rest);
        channel.pipeline().fireChannelReadComplete();
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

    /**
     * Closes the connection after the current answer, or when it is idle.
     *
     * @param patient whether an idle one waits for one more request: its client may have sent it already
     */
    public void drain(boolean patient) {
        draining = true;
        if (!patient && !closing && idle()) {
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
        writes.look(channel, now);
        if (writes.stalledMillis(now) > front.limits().timeoutMillis()) {
            stalled("client-does-not-read");
            abort();
        } else if (writes.tooSlow(channel, LoopContext.TICK, front.limits().responseRate())) {
            stalled("client-reads-too-slowly");
            abort();
        } else if (deadline != Deadline.NONE && now > deadlineAt) {
            Deadline what = deadline;
            deadline = Deadline.NONE;
            if (what == Deadline.LINGER) {
                close();
            } else {
                expired(what);
            }
        } else {
            ticked(LoopContext.TICK);
        }
    }

    /** Reports a fault of ours that no exchange can answer for, and cuts the connection. */
    protected final void bug(RuntimeException e) {
        LOG.log(Level.ERROR, "connection of " + channel.remoteAddress() + " failed: " + e, e);
        abort();
    }
}
