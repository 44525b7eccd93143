package io.juwsgi.router.uwsgi;

import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.BodyIntake;
import io.juwsgi.router.exchange.FixedLengthDecoder;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.SerialConnection;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.exchange.WireStyle;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the uwsgi protocol: one packet, its body, an answer, the end. Owned by its event loop.
 *
 * <p>A packet that is not valid, too large or for nobody gets an HTTP answer that says so, since the proxy in front shows
 * it to the client.
 */
public final class UwsgiConnection extends SerialConnection {
    private enum State {
        /** The header and the block of variables. */
        PACKET,
        /** Before the handler is called: its body is coming in. */
        GATHER,
        /** The handler answers, and reads the rest of the body. */
        ANSWER
    }

    private State state = State.PACKET;
    private WireStyle style = WireStyle.UWSGI;
    private boolean refused;
    private @Nullable ServerRequest request;
    private @Nullable BodyIntake intake;

    public UwsgiConnection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
    }

    @Override
    protected boolean step() {
        ByteBuf in = input;
        if (in == null || !in.isReadable() || (state == State.ANSWER && bodyDone())) {
            if (state == State.ANSWER && deadline() != Deadline.BODY && hungry()) {
                deadline(Deadline.BODY, front().limits().timeoutMillis());
            }
            return false;
        }
        try {
            return switch (state) {
                case PACKET -> readPacket(in);
                case GATHER -> gather(in);
                case ANSWER -> stream(in);
            };
        } catch (BadRequestException e) {
            refuse(e.failure());
            return false;
        }
    }

    private boolean bodyDone() {
        return intake == null || intake.done();
    }

    private boolean readPacket(ByteBuf in) throws BadRequestException {
        if (deadline() != Deadline.HEAD) {
            deadline(Deadline.HEAD, front().limits().timeoutMillis());
        }
        if (in.readableBytes() < UwsgiHeader.SIZE) {
            return false;
        }
        byte[] scratch = loop().scratch(UwsgiHeader.SIZE);
        in.getBytes(in.readerIndex(), scratch, 0, UwsgiHeader.SIZE);
        UwsgiHeader header = UwsgiHeader.read(scratch, 0);
        int limit = front().limits().headBytes();
        if (header.size() > limit) {
            refuse(Failure.client(
                    431,
                    "packet-too-large",
                    "The request's variables have " + header.size() + " bytes; buffer-size allows " + limit + "."));
            return false;
        }
        if (in.readableBytes() < UwsgiHeader.SIZE + header.size()) {
            return false;
        }
        in.skipBytes(UwsgiHeader.SIZE);
        if (header.modifier1() == UwsgiHeader.PING && header.modifier2() == 0) {
            pong();
            return false;
        }
        readVariables(in, header);
        return exchange == null && state != State.ANSWER;
    }

    private void pong() {
        byte[] answer = new byte[UwsgiHeader.SIZE];
        new UwsgiHeader(UwsgiHeader.PING, 0, 1).write(answer, 0);
        state = State.ANSWER;
        write(Unpooled.wrappedBuffer(answer));
        closeAfterWrites(true);
    }

    private void readVariables(ByteBuf in, UwsgiHeader header) throws BadRequestException {
        byte[] block = loop().scratch(header.size());
        in.readBytes(block, 0, header.size());
        Fields variables = new Fields(32);
        try {
            UwsgiVariables.read(block, 0, header.size(), (name, value) -> {
                if (!ControlVariables.drops(name)) {
                    variables.add(name, value);
                }
            });
        } catch (UwsgiException e) {
            refuse(Failure.client(400, "bad-packet", "The uwsgi packet is not valid."));
            return;
        }
        Peer peer = Peer.of(channel());
        UwsgiRequest made =
                new UwsgiRequest(front().listener(), header.modifier1(), header.modifier2(), variables, peer);
        request = made;
        boolean cache = header.modifier1() == UwsgiHeader.CACHE;
        style = cache ? WireStyle.BARE : WireStyle.UWSGI;
        String named = cache ? CachePackets.lengthVariable(made) : "CONTENT_LENGTH";
        long length = length(variables, named);
        if (cache && !front().trust().trusts(peer)) {
            refuse(Failure.client(403, "untrusted-cache-packet", "Only trusted proxies may ask for named caches."));
        } else if (length < 0) {
            refuse(Failure.client(400, "bad-length", "The " + named + " is not one number of up to 18 digits."));
        } else {
            begin(length);
        }
    }

    /** Returns the body's length that a variable tells, 0 when there is none, -1 when it cannot be known. */
    private static long length(Fields variables, String name) {
        String found = null;
        for (int i = 0; i < variables.size(); i++) {
            if (variables.name(i).equals(name)) {
                if (found != null && !found.equals(variables.value(i))) {
                    return -1;
                }
                found = variables.value(i);
            }
        }
        if (found == null || found.isEmpty()) {
            return 0;
        }
        long length = 0;
        for (int i = 0; i < found.length(); i++) {
            char c = found.charAt(i);
            if (c < '0' || c > '9' || i > 17) {
                return -1;
            }
            length = length * 10 + (c - '0');
        }
        return length;
    }

    private void begin(long length) throws BadRequestException {
        if (length == 0) {
            state = State.ANSWER;
            deadline(Deadline.NONE, 0);
            dispatch(open(new InboundBody(this, 0, null, true)));
        } else {
            intake = new BodyIntake(
                    this,
                    new FixedLengthDecoder(length),
                    channel().alloc(),
                    front().limits().bodyBytes());
            bodyBegins();
            state = State.GATHER;
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private boolean gather(ByteBuf in) throws BadRequestException {
        InboundBody body = Objects.requireNonNull(intake).gather(in);
        if (body == null) {
            return false;
        }
        deadline(Deadline.NONE, 0);
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
        boolean more = from.stream(in, current.inbound(), current.request());
        if (from.done() && deadline() == Deadline.BODY) {
            deadline(Deadline.NONE, 0);
        }
        return more;
    }

    private ServerExchange open(InboundBody body) {
        ServerRequest of = request != null ? request : new RefusedRequest(Peer.of(channel()));
        return open(of, style, body, false);
    }

    private void refuse(Failure failure) {
        refused = true;
        if (exchange != null) {
            failClient(failure);
            return;
        }
        state = State.ANSWER;
        deadline(Deadline.NONE, 0);
        ServerExchange made = open(new InboundBody(this, 0, null, true));
        exchange = made;
        made.fail(failure);
    }

    @Override
    protected void afterExchange(boolean keepAlive) {
        closeAfterWrites(refused || !bodyDone() || (input != null && input.isReadable()));
    }

    @Override
    protected void expired(Deadline what) {
        switch (what) {
            case HEAD -> refuse(Failure.client(408, "head-timeout", "The uwsgi packet did not arrive in time."));
            case BODY -> refuse(Failure.client(408, "body-timeout", "The request body did not arrive in time."));
            default -> closeAfterWrites(false);
        }
    }

    @Override
    protected void bodyTooSlow() {
        refuse(Failure.client(408, "body-too-slow", "The request body came too slowly."));
    }

    @Override
    protected void inputOver() {
        boolean empty = input == null || !input.isReadable();
        switch (state) {
            case PACKET -> {
                if (empty) {
                    closeAfterWrites(false);
                } else {
                    refuse(Failure.client(400, "packet-cut-off", "The uwsgi packet is not complete."));
                }
            }
            case GATHER -> refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
            case ANSWER -> {
                if (hungry() && empty) {
                    refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
                }
            }
        }
    }

    @Override
    protected boolean idle() {
        return state == State.PACKET && (input == null || !input.isReadable());
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
