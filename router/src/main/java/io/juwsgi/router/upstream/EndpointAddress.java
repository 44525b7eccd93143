package io.juwsgi.router.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;

/**
 * Where an endpoint listens, resolved. Immutable.
 *
 * @param text as it was written
 * @param socket the address: an {@link InetSocketAddress} or a {@link UnixDomainSocketAddress}
 */
record EndpointAddress(String text, SocketAddress socket) {

    /**
     * Reads {@code host:port} or a Unix socket's path; a name is looked up at once.
     *
     * @throws IllegalArgumentException when it is none, or the name is not known
     */
    static EndpointAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (text.indexOf('/') >= 0) {
            return new EndpointAddress(text, UnixDomainSocketAddress.of(text));
        }
        int port = colon < 0 ? -1 : port(text.substring(colon + 1));
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (port < 1) {
            throw new IllegalArgumentException(text + " (expected: host:port, or a path with a slash)");
        }
        try {
            InetAddress address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
            return new EndpointAddress(text, new InetSocketAddress(address, port));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + ": the name is not known", e);
        }
    }

    private static int port(String digits) {
        boolean plain =
                !digits.isEmpty() && digits.length() < 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = plain ? Integer.parseInt(digits) : -1;
        return port > 65_535 ? -1 : port;
    }

    /** Begins to connect on an event loop. */
    ChannelFuture connect(EventLoop loop, Duration timeout, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(timeout.toMillis()))
                .handler(handler);
        boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        if (socket instanceof UnixDomainSocketAddress unix) {
            return epoll
                    ? bootstrap
                            .channelFactory(EpollDomainSocketChannel::new)
                            .connect(new DomainSocketAddress(unix.getPath().toString()))
                    : bootstrap.channelFactory(NioDomainSocketChannel::new).connect(unix);
        }
        bootstrap.option(ChannelOption.TCP_NODELAY, true);
        return epoll
                ? bootstrap.channelFactory(EpollSocketChannel::new).connect(socket)
                : bootstrap.channelFactory(NioSocketChannel::new).connect(socket);
    }

    @Override
    public String toString() {
        return text;
    }
}
