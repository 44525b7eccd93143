package io.juwsgi.router.upstream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Brings a connection to where its protocol begins: connected, with the client announced by a PROXY header, TLS agreed on.
 * Owned by its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails ends the channel, which is heard of as its end.
final class Dial {
    private static final System.Logger LOG = System.getLogger(Dial.class.getName());

    /** Hears how it went, once. */
    interface Caller {
        /** The connection may carry its protocol. */
        void connected(Channel channel);

        /** There is none. */
        void notConnected(Trouble trouble);
    }

    private final UpstreamEndpoint endpoint;
    private final Duration timeout;
    private final byte[] announcement;
    private final Caller caller;
    private final Channel channel;

    /**
     * Begins.
     *
     * @param announcement what goes before everything else; may be empty
     * @param handler stands in the pipeline from the start
     */
    Dial(
            UpstreamEndpoint endpoint,
            EventLoop loop,
            Duration timeout,
            byte[] announcement,
            ChannelHandler handler,
            Caller caller) {
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.announcement = announcement;
        this.caller = caller;
        ChannelFuture connecting = endpoint.where().connect(loop, timeout, handler);
        channel = connecting.channel();
        connecting.addListener(done -> connected(done.cause()));
    }

    Channel channel() {
        return channel;
    }

    private void connected(@Nullable Throwable failure) {
        if (failure != null) {
            failed(failure);
            return;
        }
        if (announcement.length > 0) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(announcement));
        }
        if (endpoint.tls().isPresent()) {
            encrypt(endpoint.tls().get());
        } else {
            caller.connected(channel);
        }
    }

    private void encrypt(EndpointTls by) {
        SslHandler tls;
        try {
            tls = new SslHandler(by.engine());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "endpoint=" + endpoint + " tls failed: " + e, e);
            channel.close();
            caller.notConnected(Trouble.TLS);
            return;
        }
        tls.setHandshakeTimeoutMillis(timeout.toMillis());
        tls.handshakeFuture().addListener(done -> {
            if (done.cause() != null) {
                failed(done.cause());
            } else if (endpoint.protocol() == Protocol.HTTP2 && !"h2".equals(agreed(tls))) {
                complain("it does not speak HTTP/2");
                channel.close();
                caller.notConnected(Trouble.TLS);
            } else {
                caller.connected(channel);
            }
        });
        channel.pipeline().addFirst(tls);
    }

    /** Netty's own engines have their own way to tell; those of a plugin have the JDK's. */
    private static @Nullable String agreed(SslHandler tls) {
        String own = tls.applicationProtocol();
        return own != null ? own : tls.engine().getApplicationProtocol();
    }

    private void failed(Throwable failure) {
        Trouble trouble = trouble(failure);
        if (trouble == Trouble.TLS) {
            complain(reason(failure));
        } else {
            LOG.log(Level.DEBUG, "endpoint=" + endpoint + " connect: " + failure);
        }
        channel.close();
        caller.notConnected(trouble);
    }

    /** Says once what is wrong with an endpoint's TLS: it will be the same for each connection. */
    private void complain(String about) {
        if (endpoint.news(about)) {
            LOG.log(Level.WARNING, "endpoint={0} tls: {1}", endpoint.address(), about);
        }
    }

    private Trouble trouble(Throwable failure) {
        return switch (failure) {
            case ConnectTimeoutException _, SslHandshakeTimeoutException _ -> Trouble.CONNECT_TIMEOUT;
            case ConnectException _ -> Trouble.REFUSED;
            default -> channel.pipeline().get(SslHandler.class) != null ? Trouble.TLS : Trouble.UNREACHABLE;
        };
    }

    /** The innermost cause says what is wrong with a certificate. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String text = String.valueOf(innermost).replaceAll("[^\\x20-\\x7e]", "?");
        return text.length() > 300 ? text.substring(0, 300) : text;
    }
}
