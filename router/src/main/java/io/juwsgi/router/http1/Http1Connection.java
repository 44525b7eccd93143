package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodyIntake;
import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.FixedLengthDecoder;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.SerialConnection;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.exchange.TunnelSession;
import io.juwsgi.router.exchange.WebSocketLimits;
import io.juwsgi.router.exchange.WireStyle;
import io.juwsgi.router.websocket.Handshake;
import io.juwsgi.router.websocket.WebSocketSession;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Response;
import io.juwsgi.spi.exchange.TunnelChannel;
import io.juwsgi.spi.exchange.WebSocketChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client's HTTP/1 connection. Owned by its event loop. */
public final class Http1Connection extends SerialConnection {
    /** Up to this much of a body that the handler did not read is skipped to keep the connection. */
    private static final long SKIPPED_BODY = 64 * 1024;

    private static final ByteBuf CONTINUE = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(32).writeBytes("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));

    private enum State {
        /** Between requests, or inside a head. */
        HEAD,
        /** Before the handler is called: its body is coming in. */
        GATHER,
        /** The handler answers, and reads the rest of the body. */
        ANSWER,
        /** The response is complete; the rest of the body is skipped. */
        SKIP
    }

    /** What a client begins with that knows HTTP/2 to be spoken here (RFC 9113 section 3.4). */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Makes a connection of another protocol for a channel. */
    @FunctionalInterface
    public interface Successor {
        ClientConnection on(Channel channel, Front front, LoopContext loop);
    }

    private final HeadReader heads;
    private @Nullable Successor http2;
    private @Nullable Peer peer;
    private State state = State.HEAD;
    private boolean refused;
    private @Nullable RequestHead head;
    private @Nullable ServerRequest request;
    private @Nullable BodyIntake intake;
    private boolean continueDue;

    public Http1Connection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
        heads = new HeadReader(front.limits(), loop);
    }

    /** Makes a connection that gives way to {@code http2} when the client begins with its preface. */
    public Http1Connection(Channel channel, Front front, LoopContext loop, Successor http2) {
        this(channel, front, loop);
        this.http2 = http2;
    }

    @Override
    protected boolean step() {
        ByteBuf in = input;
        if (in == null || !in.isReadable() || (state == State.ANSWER && bodyDone())) {
            awaitBody();
            return false;
        }
        try {
            return switch (state) {
                case HEAD -> readHead(in);
                case GATHER -> gather(in);
                case ANSWER -> stream(in);
                case SKIP -> skip(in);
            };
        } catch (BadRequestException e) {
            refuse(e.failure());
            return false;
        }
    }

    private boolean bodyDone() {
        return intake == null || intake.done();
    }

    private void awaitBody() {
        if (state == State.ANSWER && deadline() != Deadline.BODY && hungry()) {
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private boolean readHead(ByteBuf in) throws BadRequestException {
        if (http2 != null && beginsWithPreface(in)) {
            if (in.readableBytes() < PREFACE.length) {
                deadline(Deadline.HEAD, front().limits().timeoutMillis());
            } else {
                input = null;
                giveWay(http2.on(channel(), front(), loop()), in);
            }
            return false;
        }
        RequestHead parsed = heads.next(in);
        if (parsed == null) {
            if (in.isReadable() && deadline() != Deadline.HEAD) {
                deadline(Deadline.HEAD, front().limits().timeoutMillis());
            }
            return false;
        }
        begin(parsed, request(parsed));
        return true;
    }

    private static boolean beginsWithPreface(ByteBuf in) {
        int count = Math.min(in.readableBytes(), PREFACE.length);
        int from = in.readerIndex();
        for (int i = 0; i < count; i++) {
            if (in.getByte(from + i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    private ServerRequest request(RequestHead parsed) {
        return Http1Request.of(parsed, parsed.http11() ? "HTTP/1.1" : "HTTP/1.0", peer(), front());
    }

    private void begin(RequestHead parsed, ServerRequest made) throws BadRequestException {
        deadline(Deadline.NONE, 0);
        http2 = null;
        head = parsed;
        request = made;
        long length = parsed.length();
        if (length == 0) {
            state = State.ANSWER;
            dispatch(open(new InboundBody(this, 0, null, true)));
            return;
        }
        intake = new BodyIntake(
                this,
                length < 0 ? new ChunkedDecoder() : new FixedLengthDecoder(length),
                channel().alloc(),
                front().limits().bodyBytes());
        bodyBegins();
        continueDue = parsed.expectsContinue();
        if (made.converses() || (continueDue && length > Limits.BUFFERED_BODY)) {
            state = State.ANSWER;
            dispatch(open(intake.streamed()));
        } else {
            state = State.GATHER;
            deadline(Deadline.BODY, front().limits().timeoutMillis());
            bodyAsked();
        }
    }

    @Override
    protected void bodyAsked() {
        if (continueDue) {
            continueDue = false;
            if (input == null || !input.isReadable()) {
                write(CONTINUE.duplicate());
                requestFlush();
            }
        }
    }

    private boolean gather(ByteBuf in) throws BadRequestException {
        BodyIntake from = Objects.requireNonNull(intake);
        InboundBody body = from.gather(in);
        if (body == null) {
            return false;
        }
        deadline(Deadline.NONE, 0);
        if (from.done()) {
            request().bodyLength(from.received());
        }
        state = State.ANSWER;
        dispatch(open(body));
        return true;
    }

    private boolean stream(ByteBuf in) throws BadRequestException {
        ServerExchange current = exchange;
        BodyIntake from = Objects.requireNonNull(intake);
        if (current == null || !current.inbound().wanted()) {
            deadline(Deadline.NONE, 0);
            return false;
        }
        boolean more = from.stream(in, current.inbound(), request());
        if (from.done() && deadline() == Deadline.BODY) {
            deadline(Deadline.NONE, 0);
        } else if (!more) {
            // What came may have been a mark between chunks alone.
            awaitBody();
        }
        return more;
    }

    private boolean skip(ByteBuf in) throws BadRequestException {
        if (!Objects.requireNonNull(intake).skip(in)) {
            return false;
        }
        nextRequest();
        return true;
    }

    private ServerExchange open(InboundBody body) {
        RequestHead parsed = head;
        boolean http11 = parsed == null || parsed.http11();
        boolean keep = parsed != null && parsed.keepAlive() && front().limits().keepAliveMillis() > 0;
        return open(request(), http11 ? WireStyle.HTTP_1_1 : WireStyle.HTTP_1_0, body, keep);
    }

    /** Answers an error to what is being read, and closes. */
    private void refuse(Failure failure) {
        refused = true;
        lastOne();
        if (exchange != null) {
            failClient(failure);
            return;
        }
        state = State.ANSWER;
        ServerExchange made = open(new InboundBody(this, 0, null, true));
        exchange = made;
        made.fail(failure);
    }

    private ServerRequest request() {
        return request != null ? request : new RefusedRequest(peer());
    }

    private Peer peer() {
        if (peer == null) {
            peer = Peer.of(channel());
        }
        return peer;
    }

    @Override
    protected @Nullable WebSocketChannel webSocket(
            ServerExchange of, List<String> protocols, WebSocketChannel.Receiver receiver) {
        WebSocketLimits limits = front().limits().webSockets();
        Handshake handshake = Handshake.of(of.request(), protocols, limits.deflate());
        if (handshake == null || !mayUpgrade(of) || !switchTo(Handshake.WEBSOCKET, handshake.answer())) {
            return null;
        }
        WebSocketSession made = new WebSocketSession(of, limits, handshake, receiver, carrier());
        upgrade(made);
        return made;
    }

    @Override
    protected @Nullable TunnelChannel tunnel(ServerExchange of, Response head, TunnelChannel.Receiver receiver) {
        String protocol = of.request().fields().first("upgrade");
        if (protocol == null || !mayUpgrade(of) || !switchTo(protocol, head)) {
            return null;
        }
        TunnelSession made = new TunnelSession(of, receiver, carrier());
        deadline(Deadline.NONE, 0);
        upgrade(made);
        return made;
    }

    private boolean mayUpgrade(ServerExchange of) {
        return of == exchange && bodyDone() && intake == null && mayPersist();
    }

    private boolean switchTo(String protocol, Response head) {
        String text = SwitchingHead.of(protocol, head);
        if (text != null) {
            write(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        }
        return text != null;
    }

    /** Closes rather than taking in a large body that nobody reads. */
    @Override
    protected boolean mayPersist() {
        return super.mayPersist() && (bodyDone() || restIsShort());
    }

    private boolean restIsShort() {
        long rest = intake == null ? 0 : intake.rest();
        return rest >= 0 && rest <= SKIPPED_BODY && !continueDue;
    }

    @Override
    protected void afterExchange(boolean keepAlive) {
        if (!keepAlive || !mayPersist()) {
            boolean unread = input != null && input.isReadable();
            closeAfterWrites(refused || unread || !bodyDone());
        } else if (bodyDone()) {
            nextRequest();
        } else {
            state = State.SKIP;
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private void nextRequest() {
        state = State.HEAD;
        head = null;
        request = null;
        intake = null;
        continueDue = false;
        deadline(Deadline.IDLE, front().limits().keepAliveMillis());
    }

    @Override
    protected void expired(Deadline what) {
        switch (what) {
            case HEAD -> refuse(Failure.client(408, "head-timeout", "The request head did not arrive in time."));
            case BODY -> refuseBody("body-timeout", "The request body did not arrive in time.");
            case UPGRADED -> upgradedExpired();
            default -> closeAfterWrites(false);
        }
    }

    @Override
    protected void bodyTooSlow() {
        refuseBody("body-too-slow", "The request body came too slowly.");
    }

    private void refuseBody(String why, String reason) {
        if (state == State.SKIP) {
            close();
        } else {
            refuse(Failure.client(408, why, reason));
        }
    }

    @Override
    protected void inputOver() {
        boolean empty = input == null || !input.isReadable();
        switch (state) {
            case HEAD -> {
                if (empty) {
                    closeAfterWrites(false);
                } else {
                    refuse(Failure.client(400, "head-cut-off", "The request head is not complete."));
                }
            }
            case GATHER -> refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
            case ANSWER -> {
                if (hungry() && empty) {
                    refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
                }
            }
            case SKIP -> closeAfterWrites(false);
        }
    }

    @Override
    protected boolean idle() {
        return state == State.HEAD && exchange == null && (input == null || !input.isReadable());
    }

    @Override
    protected boolean hungry() {
        ServerExchange current = exchange;
        return state != State.ANSWER || (current != null && current.inbound().wanted());
    }

    @Override
    protected @Nullable ServerExchange begun() {
        return state == State.GATHER ? open(new InboundBody(this, 0, null, true)) : null;
    }

    @Override
    protected void released() {
        if (intake != null) {
            intake.release();
        }
    }
}
