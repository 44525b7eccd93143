package io.juwsgi.router.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
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

    /**
     * Begins to connect; called on the event loop. Without Netty's Bootstrap, which would do it in a task of its own: a server that
     * takes one request a connection is connected to for each.
     */
    ChannelFuture connect(EventLoop loop, Duration timeout, ChannelHandler handler) {
        boolean epoll = loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
        Channel channel = channel(epoll);
        channel.config().setConnectTimeoutMillis(Math.toIntExact(timeout.toMillis()));
        // A server that takes no more of a request may have answered it: what it has sent is read before the end.
        channel.config().setAutoClose(false);
        channel.pipeline().addLast(handler);
        ChannelFuture registered = loop.register(channel);
        if (registered.cause() != null) {
            channel.unsafe().closeForcibly();
            return registered;
        }
        return channel.connect(epoll && socket instanceof UnixDomainSocketAddress unix ? path(unix) : socket);
    }

    private Channel channel(boolean epoll) {
        if (socket instanceof UnixDomainSocketAddress) {
            return epoll ? new EpollDomainSocketChannel() : new NioDomainSocketChannel();
        }
        SocketChannel tcp = epoll ? new EpollSocketChannel() : new NioSocketChannel();
        tcp.config().setTcpNoDelay(true);
        return tcp;
    }

    private static DomainSocketAddress path(UnixDomainSocketAddress unix) {
        return new DomainSocketAddress(unix.getPath().toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
