package io.juwsgi.router.upstream;

import io.juwsgi.router.upstream.codec.BadAnswerException;
import io.juwsgi.router.upstream.codec.BadRequestLength;
import io.juwsgi.router.upstream.codec.Codec;
import io.juwsgi.router.upstream.codec.Outgoing;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One connection to an endpoint, with one call at a time. Owned by its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class UpstreamConnection extends ChannelInboundHandlerAdapter implements CallLink, Codec.Answer, Dial.Caller {
    private static final System.Logger LOG = System.getLogger(UpstreamConnection.class.getName());
    private static final int HEAD = 1024;

    private final UpstreamLoop loop;
    private final UpstreamEndpoint endpoint;
    private final UpstreamSettings settings;
    private final Codec codec;
    private @Nullable Channel channel;
    private @Nullable LinkUser call;
    private boolean answering;
    private boolean answered;
    private boolean closed;
    /** Whether a protocol may be spoken on it. */
    private boolean ready;
    /** Whether it has left HTTP. */
    private boolean tunnel;
    /** Whether the endpoint has said by TLS that it sends nothing more, so that nobody else can have cut the end off. */
    private boolean farewell;
    /** Whether the endpoint takes nothing more; its answer may be on the way. */
    private boolean refused;
    /** When something last went one way or the other, or the connection became idle. */
    private long progress;

    UpstreamConnection(UpstreamLoop loop, UpstreamEndpoint endpoint, UpstreamSettings settings) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.settings = settings;
        this.codec = endpoint.protocol().codec();
    }

    @Override
    public UpstreamEndpoint endpoint() {
        return endpoint;
    }

    @Override
    public boolean reused() {
        return ready;
    }

    @Override
    public void begin(LinkUser next) {
        call = next;
        if (ready) {
            next.connected(this);
            return;
        }
        byte[] announcement = settings.proxyProtocol().announce(next.request());
        channel = new Dial(endpoint, loop.eventLoop(), settings.connectTimeout(), announcement, this, this).channel();
    }

    @Override
    public void connected(Channel open) {
        LinkUser waiting = call;
        channel = open;
        ready = true;
        if (waiting == null || closed) {
            close();
        } else {
            loop.opened(this);
            waiting.connected(this);
        }
    }

    @Override
    public void notConnected(Trouble trouble) {
        LinkUser waiting = call;
        closed = true;
        call = null;
        if (waiting != null) {
            waiting.connectFailed(trouble);
        }
    }

    @Override
    public void send(Outgoing request, @Nullable ByteBuf body) throws BadRequestLength {
        Channel to = channel();
        ByteBuf head = to.alloc().buffer(HEAD);
        try {
            codec.begin(request, head);
        } catch (BadRequestLength | RuntimeException e) {
            head.release();
            throw e;
        }
        answering = false;
        answered = false;
        progress = System.nanoTime();
        to.write(head, to.voidPromise());
        if (body != null) {
            codec.body(body, this::write);
        }
        if (request.length() >= 0 && (body != null || request.length() == 0)) {
            codec.bodyEnd(this::write);
        }
        to.flush();
    }

    @Override
    public boolean body(ByteBuf part) {
        progress = System.nanoTime();
        if (tunnel) {
            write(part);
        } else {
            codec.body(part, this::write);
        }
        channel().flush();
        return channel().isWritable();
    }

    @Override
    public void bodyEnd(Fields trailers) {
        progress = System.nanoTime();
        codec.bodyEnd(trailers, this::write);
        channel().flush();
    }

    private void write(ByteBuf bytes) {
        channel().write(bytes, channel().voidPromise());
    }

    private Channel channel() {
        return Objects.requireNonNull(channel);
    }

    @Override
    public void reading(boolean on) {
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
            broken(e.incomplete() ? early() : Trouble.BAD_ANSWER, e.getMessage());
        } finally {
            in.release();
        }
    }

    private void afterRead(boolean surplus) {
        LinkUser done = call;
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
    public void interim(Response head) {
        if (call != null) {
            call.answerInterim(head);
        }
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
    public void switched(Response head) {
        answering = true;
        tunnel = true;
        if (call != null) {
            call.switched(head);
        }
    }

    @Override
    public void trailers(Fields fields) {
        if (call != null) {
            call.answerTrailers(fields);
        }
    }

    @Override
    public void end() {
        answered = true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent close) {
            farewell = close.isSuccess();
        } else if (event instanceof ChannelOutputShutdownEvent) {
            refused = true;
        }
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
        if (!ready) {
            // Whoever connects hears of it.
            return;
        }
        boolean wasClosed = closed;
        closed = true;
        loop.closed(this);
        if (wasClosed || call == null) {
            return;
        }
        if (answering && !tunnel && endpoint.tls().isPresent() && !farewell) {
            broken(Trouble.CUT, "it ended without TLS's farewell");
            return;
        }
        if (answering && refused) {
            // The write that failed has used the reset up: this looks like an orderly end, and need not be one.
            broken(Trouble.CUT, "it ended without taking the request");
            return;
        }
        try {
            codec.closed(this);
            afterRead(false);
        } catch (BadAnswerException e) {
            broken(early(), e.getMessage());
        }
    }

    /** The endpoint ended too early. */
    private Trouble early() {
        return answering ? Trouble.CUT : Trouble.RESET;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!ready || cause instanceof ChannelOutputShutdownException || cause instanceof ClosedChannelException) {
            // Whoever connects hears of it; what cannot be written any more has its end behind what is still to be
            // read.
            return;
        }
        if (cause instanceof IOException || cause.getCause() instanceof IOException) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + ": " + cause);
            broken(early(), cause.getMessage());
        } else {
            LOG.log(Level.ERROR, "endpoint=" + endpoint + " failed: " + cause, cause);
            broken(Trouble.BAD_ANSWER, cause.toString());
        }
    }

    private void broken(Trouble trouble, @Nullable String detail) {
        LinkUser broken = call;
        call = null;
        close();
        if (broken != null) {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + " " + trouble.why() + ": " + detail);
            broken.broken(trouble);
        }
    }

    /** Looks at deadlines. */
    void tick(long now) {
        LinkUser waiting = call;
        long since = now - progress;
        if (waiting == null) {
            if (since > settings.keepaliveTime().toNanos()) {
                close();
            }
        } else if (tunnel) {
            if (since > settings.tunnelTimeout().toNanos()) {
                broken(Trouble.STALLED, "the tunnel is idle");
            }
        } else if (waiting.waitsForClient()) {
            progress = now;
        } else if (since > settings.timeout().toNanos()) {
            broken(answering ? Trouble.STALLED : Trouble.TIMEOUT, "deadline");
        } else {
            waiting.tick();
        }
    }

    /** A connection in the middle of an answer is of no further use. */
    @Override
    public void abandon() {
        call = null;
        close();
    }

    void close() {
        if (!closed) {
            closed = true;
            loop.closed(this);
            if (channel != null) {
                channel.close();
            }
        }
    }
}
