package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.BadAnswerException;
import io.juwsgi.router.upstream.codec.BadRequestLength;
import io.juwsgi.router.upstream.codec.Codec;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection to an endpoint, with one call at a time. Owned by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements Codec.Answer {
    private static final System.Logger LOG = System.getLogger(UpstreamConnection.class.getName());
    private static final int HEAD = 1024;

    private final UpstreamLoop loop;
    private final UpstreamEndpoint endpoint;
    private final UpstreamSettings settings;
    private final Codec codec;
    private @Nullable Channel channel;
    private @Nullable UpstreamCall call;
    private boolean answering;
    private boolean answered;
    private boolean closed;
    /** When something last went one way or the other, or the connection became idle. */
    private long progress;

    UpstreamConnection(UpstreamLoop loop, UpstreamEndpoint endpoint, UpstreamSettings settings) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.settings = settings;
        this.codec = endpoint.protocol().codec();
    }

    UpstreamEndpoint endpoint() {
        return endpoint;
    }

    /** Begins to connect for a call, which hears of it. */
    void connect(UpstreamCall first) {
        call = first;
        ChannelFuture connecting = endpoint.where().connect(loop.eventLoop(), settings.connectTimeout(), this);
        channel = connecting.channel();
        connecting.addListener(done -> connected(done.cause()));
    }

    private void connected(@Nullable Throwable failure) {
        UpstreamCall waiting = call;
        if (failure != null) {
            closed = true;
            call = null;
            if (waiting != null) {
                waiting.connectFailed(trouble(failure));
            }
        } else if (waiting == null) {
            close();
        } else {
            loop.opened(this);
            waiting.connected(this);
        }
    }

    private Trouble trouble(Throwable failure) {
        LOG.log(Level.DEBUG, "endpoint=" + endpoint + " connect: " + failure);
        return switch (failure) {
            case ConnectTimeoutException _ -> Trouble.CONNECT_TIMEOUT;
            case ConnectException _ -> Trouble.REFUSED;
            default -> Trouble.UNREACHABLE;
        };
    }

    /** Sends a call's request, with its body when that is there as a whole. */
    void send(UpstreamCall next, Outgoing request, @Nullable ByteBuf body) throws BadRequestLength {
        Channel to = channel();
        ByteBuf head = to.alloc().buffer(HEAD);
        try {
            codec.begin(request, head);
        } catch (BadRequestLength | RuntimeException e) {
            head.release();
            throw e;
        }
        call = next;
        answering = false;
        answered = false;
        progress = System.nanoTime();
        to.write(head, to.voidPromise());
        if (body != null) {
            codec.body(body, this::write);
        }
        if (body != null || request.length() == 0) {
            codec.bodyEnd(this::write);
        }
        to.flush();
    }

    /** Sends a part of a body that streams; false when the endpoint does not take more for now. */
    boolean body(ByteBuf part) {
        progress = System.nanoTime();
        codec.body(part, this::write);
        channel().flush();
        return channel().isWritable();
    }

    /** The body that streams is complete. */
    void bodyEnd() {
        progress = System.nanoTime();
        codec.bodyEnd(this::write);
        channel().flush();
    }

    private void write(ByteBuf bytes) {
        channel().write(bytes, channel().voidPromise());
    }

    private Channel channel() {
        return Objects.requireNonNull(channel);
    }

    /** Reads on, or lets the endpoint wait because the client is slow. */
    void reading(boolean on) {
        if (!closed) {
            progress = System.nanoTime();
            channel().config().setAutoRead(on);
        }
    }

    // ---- answers

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            progress = System.nanoTime();
            if (call == null) {
                // Nobody asked.
                close();
            } else {
                codec.read(in, this);
                afterRead(in.isReadable());
            }
        } catch (BadAnswerException e) {
            broken(Trouble.BAD_ANSWER, e.getMessage());
        } finally {
            in.release();
        }
    }

    private void afterRead(boolean surplus) {
        UpstreamCall done = call;
        if (!answered || done == null) {
            return;
        }
        call = null;
        if (surplus || closed || !codec.reusable()) {
            close();
        } else {
            channel().config().setAutoRead(true);
            loop.release(this);
        }
        done.answerEnded();
    }

    @Override
    public void head(Response head) {
        answering = true;
        if (call != null) {
            call.answerHead(head);
        }
    }

    @Override
    public void data(ByteBuf bytes) {
        if (call == null) {
            bytes.release();
        } else {
            call.answerData(bytes);
        }
    }

    @Override
    public void end() {
        answered = true;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        progress = System.nanoTime();
        if (call != null && context.channel().isWritable()) {
            call.takesMore();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        boolean wasClosed = closed;
        closed = true;
        loop.closed(this);
        if (wasClosed || call == null) {
            return;
        }
        try {
            codec.closed(this);
            afterRead(false);
        } catch (BadAnswerException e) {
            broken(answering ? Trouble.CUT : Trouble.RESET, e.getMessage());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + ": " + cause);
            broken(answering ? Trouble.CUT : Trouble.RESET, cause.getMessage());
        } else {
            LOG.log(Level.ERROR, "endpoint=" + endpoint + " failed: " + cause, cause);
            broken(Trouble.BAD_ANSWER, cause.toString());
        }
    }

    private void broken(Trouble trouble, @Nullable String detail) {
        UpstreamCall broken = call;
        call = null;
        close();
        if (broken != null) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + " " + trouble.why() + ": " + detail);
            broken.broken(trouble);
        }
    }

    /** Looks at deadlines. */
    void tick(long now) {
        UpstreamCall waiting = call;
        long since = now - progress;
        if (waiting == null) {
            if (since > settings.keepaliveTime().toNanos()) {
                close();
            }
        } else if (waiting.waitsForClient()) {
            progress = now;
        } else if (since > settings.timeout().toNanos()) {
            broken(answering ? Trouble.STALLED : Trouble.TIMEOUT, "deadline");
        }
    }

    /** The call wants nothing any more: the connection is of no further use. */
    void abandon() {
        call = null;
        close();
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.closed(this);
            channel().close();
        }
    }
}
