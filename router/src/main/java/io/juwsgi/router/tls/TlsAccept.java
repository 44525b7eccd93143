package io.juwsgi.router.tls;

import io.juwsgi.router.exchange.TlsSession;
import io.juwsgi.spi.tls.TlsContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a listener that speaks TLS, from its first byte to the end of the handshake, under one deadline. Then it
 * gives its place in the pipeline to the protocol that was agreed on. Owned by its event loop.
 *
 * <p>A client that begins with anything but a TLS handshake record (RFC 8446 section 5.1) is given to {@link
 * Protocols#plain}, which tells it so in its own language.
 */
public final class TlsAccept extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOG = System.getLogger(TlsAccept.class.getName());
    private static final int HANDSHAKE_RECORD = 22;

    /** Makes what goes on with a connection after its handshake. */
    public interface Protocols {

        /** Returns the handler for an encrypted connection; {@code agreed} is what ALPN chose, null for nothing. */
        ChannelHandler encrypted(Channel channel, @Nullable String agreed);

        /** Returns the handler for a client that does not speak TLS. */
        ChannelHandler plain(Channel channel);
    }

    private final TlsContext context;
    private final Protocols protocols;
    private final long deadlineMillis;
    private final boolean exportCertificate;
    private @Nullable Future<?> deadline;
    private boolean ended;

    /**
     * Makes the handler of one connection.
     *
     * @param deadlineMillis how long the client may take from here to the end of the handshake
     * @param exportCertificate whether applications are to see the client's whole certificate
     */
    public TlsAccept(TlsContext context, Protocols protocols, long deadlineMillis, boolean exportCertificate) {
        this.context = context;
        this.protocols = protocols;
        this.deadlineMillis = deadlineMillis;
        this.exportCertificate = exportCertificate;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(
                        () -> fail(ctx, "the handshake was not complete in time"),
                        deadlineMillis,
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (!bytes.isReadable() || ended) {
            bytes.release();
            return;
        }
        if (bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE_RECORD) {
            ctx.pipeline().addBefore(ctx.name(), null, new ClientHello(context));
        } else {
            ctx.pipeline().replace(this, null, protocols.plain(ctx.channel()));
        }
        // From the head on: whoever was put in reads it.
        ctx.pipeline().fireChannelRead(bytes);
        ctx.pipeline().fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            SslHandler tls = ctx.pipeline().get(SslHandler.class);
            if (handshake.isSuccess() && tls != null) {
                enter(ctx, tls);
            } else {
                fail(ctx, reason(handshake.cause()));
            }
        } else if (event instanceof ChannelInputShutdownEvent) {
            ended = true;
            var _ = ctx.close();
        }
    }

    private void enter(ChannelHandlerContext ctx, SslHandler tls) {
        SSLSession session = tls.engine().getSession();
        ctx.channel()
                .attr(TlsSession.KEY)
                .set(new TlsSession(
                        session.getProtocol(), session.getCipherSuite(), clientOf(session), exportCertificate));
        ctx.pipeline().replace(this, null, protocols.encrypted(ctx.channel(), agreed(tls)));
    }

    private static @Nullable X509Certificate clientOf(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? own : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** Netty's own engines have their own way to tell; those of a plugin have the JDK's. */
    private static @Nullable String agreed(SslHandler tls) {
        String own = tls.applicationProtocol();
        if (own != null) {
            return own;
        }
        SSLEngine engine = tls.engine();
        try {
            String told = engine.getApplicationProtocol();
            return told == null || told.isEmpty() ? null : told;
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.log(Level.DEBUG, "connection of {0}: {1}", ctx.channel().remoteAddress(), cause.getMessage());
            ended = true;
            var _ = ctx.close();
        } else {
            fail(ctx, reason(cause));
        }
    }

    private static String reason(@Nullable Throwable cause) {
        Throwable innermost = cause;
        while (innermost != null && innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost == null) {
            return "unknown";
        }
        String said = innermost.getMessage();
        // The wire is quoted in some messages.
        String text = said == null ? innermost.getClass().getSimpleName() : said;
        return text.length() > 200 ? text.substring(0, 200) : text;
    }

    /** Ends the connection with one line; a client that only looked whether the port is open gets none. */
    private void fail(ChannelHandlerContext ctx, String why) {
        if (ended) {
            return;
        }
        ended = true;
        LOG.log(Level.INFO, "client=" + ctx.channel().remoteAddress() + " tls handshake failed: " + printable(why));
        var _ = ctx.close();
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
