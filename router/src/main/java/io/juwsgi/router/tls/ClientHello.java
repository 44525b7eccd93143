package io.juwsgi.router.tls;

import io.juwsgi.spi.tls.TlsContext;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** Waits for a whole ClientHello, and goes on with an engine for the name in it. Owned by its connection's event loop. */
final class ClientHello extends AbstractSniHandler<SSLEngine> {
    /** A hello with several post-quantum key shares has a few thousand bytes. */
    private static final int LARGEST = 16 * 1024;

    /** How long the closing alert may take to reach the socket. */
    private static final long CLOSE_MILLIS = 3_000;

    private final TlsContext context;

    ClientHello(TlsContext context) {
        // No deadline of its own: TlsAccept has one for all of the handshake.
        super(LARGEST, 0);
        this.context = context;
    }

    @Override
    protected Future<SSLEngine> lookup(ChannelHandlerContext ctx, @Nullable String name) {
        return ctx.executor().newSucceededFuture(context.engine(name));
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, @Nullable String name, Future<SSLEngine> found) {
        SslHandler tls = new SslHandler(found.getNow());
        tls.setHandshakeTimeoutMillis(0);
        tls.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        ctx.pipeline().replace(this, null, tls);
    }
}
