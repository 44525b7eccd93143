package io.juwsgi.router.front;

import io.juwsgi.router.exchange.BodySource;
import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Pace;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.uwsgi.ControlVariables;
import io.juwsgi.router.uwsgi.UwsgiRequest;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.front.FrontRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose protocol a plugin speaks, on a virtual thread. Owned by its event loop: deadlines, writing, the exchange that
 * is under way; {@link FrontRun} is its other side.
 */
public final class PluggedConnection extends ClientConnection implements BodySource {
    static final String GONE = "the client is gone";

    private final PluggedFront plugged;
    private final FrontRun run;
    private final ConnectionInput input;
    private final ConnectionOutput output;
    private final Pace bodyPace = new Pace();
    private @Nullable ServerExchange exchange;
    private @Nullable BodyPump pump;
    /** Whether bytes of a request came that was not submitted. */
    private boolean begun;
    /** Whether the front takes the beginning of a request's body. */
    private boolean gathering;

    /**
     * Makes a connection.
     *
     * @param plugged speaks its protocol
     */
    public PluggedConnection(Channel channel, Front front, LoopContext loop, PluggedFront plugged) {
        super(channel, front, loop);
        this.plugged = plugged;
        this.output = new ConnectionOutput(bytes -> loop.eventLoop().execute(() -> send(bytes)));
        this.run = new FrontRun(this, plugged, output);
        this.input = run.input();
    }

    /** Returns an exception of the same kind, thrown by another thread. */
    static IOException again(IOException first) {
        IOException next = first instanceof SocketTimeoutException
                ? new SocketTimeoutException(first.getMessage())
                : new IOException(first.getMessage());
        next.initCause(first);
        return next;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        super.handlerAdded(ctx);
        Thread.ofVirtual().name("juwsgi-" + plugged.id()).start(run);
    }

    // ---- what comes

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        int size = bytes.readableBytes();
        front().counters().received(size);
        byte[] copy = over() ? new byte[0] : ByteBufUtil.getBytes(bytes);
        bytes.release();
        if (over()) {
            return;
        }
        if (deadline() == Deadline.BODY) {
            deadline(Deadline.BODY, front().limits().timeoutMillis());
            bodyPace.moved(size);
        } else if (exchange == null && !begun) {
            begun = true;
            deadline(Deadline.HEAD, front().limits().timeoutMillis());
        }
        if (!input.offer(copy)) {
            channel().config().setAutoRead(false);
        }
    }

    void readOn() {
        channel().config().setAutoRead(true);
    }

    @Override
    protected void inputShutdown() {
        input.end();
    }

    // ---- what goes

    private void send(ByteBuf bytes) {
        if (over()) {
            bytes.release();
            output.gone();
            return;
        }
        write(bytes);
        requestFlush();
        if (channel().isWritable()) {
            output.roomAgain();
        }
        if (exchange == null && !gathering) {
            // An answer of the front's own; what comes next is another request.
            between();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (channel().isWritable()) {
            output.roomAgain();
        }
    }

    // ---- exchanges

    /** Begins to wait for a body that is gathered before its exchange begins. */
    void gathering() {
        if (!over() && exchange == null) {
            gathering = true;
            bodyPace.reset();
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    /**
     * Makes an exchange and gives it to its handler.
     *
     * @param gathered the beginning of its body
     * @param rest carries what follows
     */
    void begin(FrontRequest request, byte[] gathered, BodyPump rest, AnswerQueue answer) {
        if (!ready(answer)) {
            return;
        }
        ByteBuf first = gathered.length == 0 ? null : Unpooled.wrappedBuffer(gathered);
        InboundBody body = new InboundBody(this, request.length(), first, rest.whole());
        ServerExchange made = new ServerExchange(new AnswerStream(this, answer), described(request), body);
        exchange = made;
        pump = rest;
        long limit = front().limits().bodyBytes();
        if (request.length() > limit) {
            made.fail(Failure.client(413, "body-too-large", "The request body is larger than " + limit + " bytes."));
            return;
        }
        try {
            made.handle(front().dispatcher().handlerFor(made.request()));
        } catch (RuntimeException e) {
            made.bug(e);
        }
    }

    /** Makes an exchange for what is no request, and fails it. */
    void refuse(Failure failure, AnswerQueue answer) {
        if (ready(answer)) {
            InboundBody none = new InboundBody(this, 0, null, true);
            exchange = new ServerExchange(new AnswerStream(this, answer), new RefusedRequest(Peer.of(channel())), none);
            exchange.fail(failure);
        }
    }

    private boolean ready(AnswerQueue answer) {
        if (over()) {
            answer.end(true);
            return false;
        }
        begun = false;
        gathering = false;
        deadline(Deadline.NONE, 0);
        return true;
    }

    private UwsgiRequest described(FrontRequest request) {
        Fields given = request.variables();
        Fields variables = new Fields(given.size() + 1);
        for (int i = 0; i < given.size(); i++) {
            if (!given.name(i).equals("CONTENT_LENGTH") && !ControlVariables.drops(given.name(i))) {
                variables.add(given.name(i), given.value(i));
            }
        }
        variables.add("CONTENT_LENGTH", request.length() > 0 ? Long.toString(request.length()) : "");
        return new UwsgiRequest(
                front().listener(), request.modifier1(), request.modifier2(), variables, Peer.of(channel()));
    }

    @Override
    public void bodyWanted() {
        ServerExchange current = exchange;
        if (current == null || pump == null) {
            return;
        }
        if (deadline() != Deadline.BODY) {
            bodyPace.reset();
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
        pump.want(current.inbound(), "juwsgi-" + plugged.id() + "-body");
    }

    /** Hears from the pump that a part was delivered. */
    void delivered() {
        ServerExchange current = exchange;
        if (deadline() == Deadline.BODY
                && (current == null || !current.inbound().wanted())) {
            deadline(Deadline.NONE, 0);
        }
    }

    /** Has what the exchange holds back leave at the end of the event loop's turn. */
    void commitSoon() {
        requestFlush();
    }

    @Override
    protected void commit() {
        ServerExchange current = exchange;
        if (current != null) {
            try {
                current.commitHeld();
            } catch (RuntimeException e) {
                current.bug(e);
            }
        }
    }

    /** Says that there is room for more of the answer. */
    void answerTaken() {
        ServerExchange current = exchange;
        if (current != null) {
            current.becameWritable();
        }
    }

    void exchangeEnded() {
        if (deadline() == Deadline.BODY) {
            deadline(Deadline.NONE, 0);
        }
        if (pump != null) {
            pump.stop();
        }
    }

    /**
     * The front has done with the answer.
     *
     * @param reusable whether another request may follow
     */
    void answerClosed(boolean reusable) {
        leave("front-left");
        exchange = null;
        pump = null;
        if (!reusable || front().limits().keepAliveMillis() == 0) {
            run.lastOne();
        }
        if (!over()) {
            between();
        }
    }

    private void between() {
        begun = input.available() > 0;
        if (!mayPersist() || run.isLast()) {
            input.end();
        }
        if (begun) {
            deadline(Deadline.HEAD, front().limits().timeoutMillis());
        } else {
            deadline(Deadline.IDLE, Math.max(front().limits().keepAliveMillis(), 1));
        }
    }

    private void leave(String why) {
        ServerExchange current = exchange;
        if (current != null && !current.ended()) {
            if (current.account().why() == null) {
                current.account().why(why);
            }
            current.clientGone();
        }
    }

    // ---- the end

    @Override
    protected void closingBegun() {
        input.end();
        readOn();
    }

    /** The front has returned. */
    void served(boolean linger) {
        leave("front-left");
        closeAfterWrites(linger);
    }

    /** The front has thrown. */
    void failed() {
        leave("front-failed");
        abort();
    }

    @Override
    protected void expired(Deadline what) {
        switch (what) {
            case IDLE -> input.end();
            case HEAD -> input.fail(new SocketTimeoutException("the request did not arrive in time"));
            case BODY -> bodyFailed("body-timeout", "The request body did not arrive in time.");
            default -> {
                close();
                return;
            }
        }
        // For the front to take note.
        if (exchange == null) {
            deadline(Deadline.UPGRADED, front().limits().timeoutMillis());
        }
    }

    @Override
    protected void ticked(long millis) {
        if (deadline() == Deadline.BODY
                && bodyPace.tooSlow(millis, front().limits().bodyRate())) {
            deadline(Deadline.NONE, 0);
            bodyFailed("body-too-slow", "The request body came too slowly.");
        }
    }

    private void bodyFailed(String why, String reason) {
        input.fail(new SocketTimeoutException(reason));
        run.lastOne();
        ServerExchange current = exchange;
        if (current != null) {
            Failure failure = Failure.client(408, why, reason);
            current.inbound().fail(failure);
            current.fail(failure);
        }
    }

    @Override
    public void drain(boolean patient) {
        super.drain(patient);
        run.draining();
        if (!patient && exchange == null && !begun && !gathering && !over()) {
            input.end();
        }
    }

    /** False: an idle front is told that nothing more comes, and ends the connection itself. */
    @Override
    protected boolean idle() {
        return false;
    }

    @Override
    protected void stalled(String why) {
        // First: what the front meets from here on is the client's doing.
        run.goneNow();
        leave(why);
    }

    @Override
    protected void lost() {
        // First: what the front meets from here on is the client's doing.
        run.goneNow();
        leave("client-gone");
        input.fail(new IOException(GONE));
        output.gone();
    }
}
