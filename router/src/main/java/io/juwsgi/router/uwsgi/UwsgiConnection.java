package io.juwsgi.router.uwsgi;

import io.juwsgi.protocol.uwsgi.UwsgiException;
import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.juwsgi.protocol.uwsgi.UwsgiVariables;
import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.InboundBody;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.RefusedRequest;
import io.juwsgi.router.exchange.ServerExchange;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.exchange.WireStyle;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the uwsgi protocol: one packet, its body, an answer, the end. Owned by its event loop.
 *
 * <p>A packet that is not valid, too large or for nobody gets an HTTP answer that says so, since the proxy in front shows
 * it to the client.
 */
public final class UwsgiConnection extends ClientConnection {
    private enum State {
        /** The header and the block of variables. */
        PACKET,
        /** Before the handler is called: its body is coming in. */
        COLLECT,
        /** The handler reads the body. */
        STREAM,
        /** The body is complete. */
        ANSWER
    }

    private State state = State.PACKET;
    private boolean refused;
    private @Nullable ServerRequest request;
    private long rest;

    public UwsgiConnection(Channel channel, Front front, LoopContext loop) {
        super(channel, front, loop);
    }

    @Override
    protected boolean step() {
        ByteBuf in = input;
        if (in == null || !in.isReadable()) {
            if (state == State.STREAM && deadline() != Deadline.BODY && hungry()) {
                deadline(Deadline.BODY, front().limits().timeoutMillis());
            }
            return false;
        }
        return switch (state) {
            case PACKET -> readPacket(in);
            case COLLECT -> collect(in);
            case STREAM -> stream(in);
            case ANSWER -> false;
        };
    }

    private boolean readPacket(ByteBuf in) {
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

    private void readVariables(ByteBuf in, UwsgiHeader header) {
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
        long length = contentLength(variables);
        request = new UwsgiRequest(
                front().listener(), header.modifier1(), header.modifier2(), variables, Peer.of(channel()));
        if (length < 0) {
            refuse(Failure.client(400, "bad-length", "The CONTENT_LENGTH is not one number of up to 18 digits."));
        } else if (length > front().limits().bodyBytes()) {
            refuse(Failure.client(
                    413,
                    "body-too-large",
                    "The request body is larger than " + front().limits().bodyBytes() + " bytes."));
        } else {
            begin(length);
        }
    }

    /** Returns the body's length, 0 when there is none, -1 when it cannot be known. */
    private static long contentLength(Fields variables) {
        String found = null;
        for (int i = 0; i < variables.size(); i++) {
            if (variables.name(i).equals("CONTENT_LENGTH")) {
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

    private void begin(long length) {
        rest = length;
        if (length == 0) {
            state = State.ANSWER;
            deadline(Deadline.NONE, 0);
            dispatch(new InboundBody(this, 0, null, true));
        } else {
            state = State.COLLECT;
            deadline(Deadline.BODY, front().limits().timeoutMillis());
        }
    }

    private boolean collect(ByteBuf in) {
        if (in.readableBytes() < Math.min(rest, Limits.BUFFERED_BODY)) {
            return false;
        }
        deadline(Deadline.NONE, 0);
        long length = rest;
        int count = (int) Math.min(rest, in.readableBytes());
        rest -= count;
        state = rest == 0 ? State.ANSWER : State.STREAM;
        dispatch(new InboundBody(this, length, in.readRetainedSlice(count), rest == 0));
        return true;
    }

    private boolean stream(ByteBuf in) {
        ServerExchange current = exchange;
        if (current == null || !current.inbound().wanted()) {
            deadline(Deadline.NONE, 0);
            return false;
        }
        int count = (int) Math.min(rest, in.readableBytes());
        rest -= count;
        boolean last = rest == 0;
        if (last) {
            state = State.ANSWER;
            deadline(Deadline.NONE, 0);
        }
        current.inbound().data(in.readRetainedSlice(count));
        if (last && current == exchange) {
            current.inbound().end();
        }
        return true;
    }

    private void dispatch(InboundBody body) {
        ServerExchange made = open(body);
        exchange = made;
        made.handle(front().dispatcher().handlerFor(made.request()));
    }

    private ServerExchange open(InboundBody body) {
        ServerRequest of = request != null ? request : new RefusedRequest(Peer.of(channel()));
        return new ServerExchange(this, of, WireStyle.UWSGI, body, false);
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
    protected void afterExchange(ServerExchange ended) {
        closeAfterWrites(refused || state != State.ANSWER || (input != null && input.isReadable()));
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
            case COLLECT -> refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
            case STREAM -> {
                if (hungry() && empty) {
                    refuse(Failure.client(400, "body-cut-off", "The request body is not complete."));
                }
            }
            case ANSWER -> {
                // The answer comes, then the connection is closed.
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
        return switch (state) {
            case PACKET, COLLECT -> true;
            case STREAM -> current != null && current.inbound().wanted();
            case ANSWER -> false;
        };
    }

    @Override
    protected @Nullable ServerExchange begun() {
        return state == State.COLLECT ? open(new InboundBody(this, 0, null, true)) : null;
    }
}
