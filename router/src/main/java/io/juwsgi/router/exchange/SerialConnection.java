package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that serves one exchange at a time and answers with HTTP/1 text. Owned by its event loop.
 *
 * <p>A protocol front extends it with {@link #step}, which takes requests from {@link #input}. While the handler of the
 * exchange that is under way does not want more, at most {@link #READ_AHEAD} bytes are read.
 */
public abstract class SerialConnection extends ClientConnection implements BodySource {
    /** How much is read that nobody asked for yet, in bytes. */
    private static final int READ_AHEAD = 64 * 1024;

    /** Bytes that came and were not taken yet. */
    protected @Nullable ByteBuf input;

    /** The exchange that is under way. */
    protected @Nullable ServerExchange exchange;

    /** What has taken HTTP's place, or null. */
    private @Nullable Upgraded upgraded;

    private final Pace bodyPace = new Pace();
    private boolean pumping;
    private boolean last;

    protected SerialConnection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
    }

    /**
     * Takes one thing from {@link #input}: a head, some body.
     *
     * @return whether it is worth calling again
     */
    protected abstract boolean step();

    /**
     * Goes on after an exchange: to the next request, or {@link #closeAfterWrites}.
     *
     * @param keepAlive whether the client was told that another request may follow
     */
    protected abstract void afterExchange(boolean keepAlive);

    /** Goes on after the client's end of data, when everything that came was taken. */
    protected abstract void inputOver();

    /** Returns whether the handler or the front wants more bytes now. */
    protected abstract boolean hungry();

    /** Returns an exchange for a request that was begun and not handed over yet, or null. */
    protected abstract @Nullable ServerExchange begun();

    /** Hears that the body comes too slowly. */
    protected abstract void bodyTooSlow();

    /** Called before the first body data that a handler asks for. */
    protected void bodyAsked() {}

    /** Gives back what the front holds; the connection is gone. */
    protected void released() {}

    @Override
    public final void bodyWanted() {
        bodyAsked();
        pump();
    }

    /**
     * Makes an exchange.
     *
     * @param keepAlive whether the client lets the connection serve another request after this one
     */
    protected final ServerExchange open(ServerRequest request, WireStyle style, InboundBody body, boolean keepAlive) {
        return new ServerExchange(new TextStream(this, style, keepAlive), request, body);
    }

    /** Makes {@code made} the exchange that is under way, and gives it to its handler. */
    protected final void dispatch(ServerExchange made) {
        exchange = made;
        Handler handler = front().dispatcher().handlerFor(made.request());
        made.handle(handler);
    }

    /** Makes the request that is under way the last one. */
    protected final void lastOne() {
        last = true;
    }

    @Override
    protected boolean mayPersist() {
        return !last && super.mayPersist();
    }

    /** Accepts a WebSocket for the exchange that is under way; returns null when that cannot be. */
    protected @Nullable WebSocketChannel webSocket(
            ServerExchange of, List<String> protocols, WebSocketChannel.Receiver receiver) {
        return null;
    }

    /** Opens a tunnel for the exchange that is under way; returns null when that cannot be. */
    protected @Nullable TunnelChannel tunnel(ServerExchange of, Response head, TunnelChannel.Receiver receiver) {
        return null;
    }

    /** Returns this connection as what takes HTTP's place sees it. */
    protected final Carrier carrier() {
        return new WholeConnection();
    }

    /** Leaves HTTP for good; the answer that says so was written. */
    protected final void upgrade(Upgraded to) {
        lastOne();
        upgraded = to;
        ByteBuf rest = input == null || !input.isReadable() ? null : input.retain();
        releaseEmptyInput();
        if (rest != null) {
            // When the caller knows the channel.
            channel().eventLoop().execute(() -> to.read(rest));
        }
        requestFlush();
        regulate();
    }

    /** Hears that the deadline of what has taken HTTP's place has passed. */
    protected final void upgradedExpired() {
        if (upgraded != null) {
            upgraded.expired();
        }
    }

    private final class WholeConnection implements Carrier {
        @Override
        public void write(ByteBuf bytes) {
            SerialConnection.this.write(bytes);
            requestFlush();
        }

        @Override
        public void end(boolean linger) {
            closeAfterWrites(linger);
        }

        @Override
        public void deadline(long millis) {
            SerialConnection.this.deadline(millis > 0 ? Deadline.UPGRADED : Deadline.NONE, millis);
        }

        @Override
        public void regulate() {
            SerialConnection.this.regulate();
        }

        @Override
        public boolean writable() {
            return channel().isWritable();
        }

        @Override
        public ByteBufAllocator alloc() {
            return channel().alloc();
        }
    }

    /** Reads on or not, as what has taken HTTP's place wants it. */
    private void regulate() {
        boolean read = upgraded != null ? closing() || upgraded.hungry() : wantsInput();
        if (channel().config().isAutoRead() != read) {
            channel().config().setAutoRead(read);
        }
    }

    private boolean wantsInput() {
        return closing() || input == null || input.readableBytes() < READ_AHEAD || hungry();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        front().counters().received(bytes.readableBytes());
        if (upgraded != null) {
            upgraded.read(bytes);
            return;
        }
        if (over()) {
            bytes.release();
            return;
        }
        input = input == null ? bytes : append(input, bytes);
        if (deadline() == Deadline.BODY) {
            deadline(Deadline.BODY, front().limits().timeoutMillis());
            bodyPace.moved(bytes.readableBytes());
        }
        pump();
    }

    /** Begins to measure how fast the body of a request comes. */
    protected final void bodyBegins() {
        bodyPace.reset();
    }

    @Override
    protected final void ticked(long millis) {
        ServerExchange current = exchange;
        boolean paced = current == null || !current.request().converses();
        if (deadline() == Deadline.BODY
                && paced
                && bodyPace.tooSlow(millis, front().limits().bodyRate())) {
            deadline(Deadline.NONE, 0);
            bodyTooSlow();
        }
    }

    // Never moves bytes that are already there: chunks that were handed out may be slices of them.
    private ByteBuf append(ByteBuf old, ByteBuf bytes) {
        if (old.writableBytes() >= bytes.readableBytes()) {
            old.writeBytes(bytes);
            bytes.release();
            return old;
        }
        int needed = old.readableBytes() + bytes.readableBytes();
        ByteBuf bigger = channel().alloc().directBuffer(Math.max(needed, 2 * old.readableBytes()));
        bigger.writeBytes(old).writeBytes(bytes);
        old.release();
        bytes.release();
        return bigger;
    }

    /** Takes what can be taken, then decides whether to read on. */
    protected final void pump() {
        if (pumping || over() || upgraded != null) {
            return;
        }
        pumping = true;
        try {
            while (!over() && upgraded == null && step()) {
                // Each step takes one thing.
            }
            if (inputEnded() && !over() && upgraded == null) {
                inputOver();
            }
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            pumping = false;
        }
        releaseEmptyInput();
        regulate();
    }

    private void releaseEmptyInput() {
        if (input != null && (!input.isReadable() || over() || upgraded != null)) {
            input.release();
            input = null;
        }
    }

    private void failed(RuntimeException e) {
        ServerExchange current = exchange;
        if (current != null) {
            lastOne();
            current.bug(e);
        } else {
            bug(e);
        }
    }

    @Override
    protected final void inputShutdown() {
        if (upgraded != null) {
            upgraded.inputOver(false);
        } else {
            pump();
        }
    }

    @Override
    public void drain(boolean patient) {
        super.drain(patient);
        if (upgraded != null) {
            upgraded.goAway();
        }
    }

    @Override
    protected final void closingBegun() {
        if (!pumping) {
            releaseEmptyInput();
            regulate();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ServerExchange current = exchange;
        if (upgraded != null && channel().isWritable()) {
            upgraded.becameWritable();
        } else if (current != null && channel().isWritable()) {
            current.becameWritable();
        }
    }

    @Override
    protected final void lost() {
        ServerExchange current = exchange != null ? exchange : closing() ? null : begun();
        exchange = null;
        if (upgraded != null) {
            upgraded.inputOver(true);
        } else if (current != null) {
            current.clientGone();
        }
        if (!pumping) {
            releaseEmptyInput();
        }
        released();
    }

    @Override
    protected final void commit() {
        ServerExchange current = exchange;
        if (current != null) {
            try {
                current.commitHeld();
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    void exchangeEnded(ServerExchange ended, boolean keepAlive, boolean cut) {
        if (ended != exchange) {
            return;
        }
        exchange = null;
        if (upgraded != null) {
            upgraded.exchangeEnded();
        } else if (cut) {
            abort();
        } else if (!closing()) {
            afterExchange(keepAlive);
            pump();
        }
    }

    @Override
    protected final void stalled(String why) {
        ServerExchange current = exchange;
        if (current != null) {
            current.account().why(why);
            current.clientGone();
        }
    }

    /** Fails the current exchange and its body for something that the client did, and makes it the last one. */
    protected final void failClient(Failure failure) {
        ServerExchange current = exchange;
        if (current != null) {
            lastOne();
            current.inbound().fail(failure);
            current.fail(failure);
        }
    }
}
