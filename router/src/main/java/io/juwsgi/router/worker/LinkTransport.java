package io.juwsgi.router.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** Connects to Unix sockets with whatever transport an event loop has. */
final class LinkTransport {
    private LinkTransport() {}

    static ChannelFuture connect(EventLoop loop, Path socket, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap().group(loop).disableResolver().handler(handler);
        if (loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class)) {
            return bootstrap
                    .channelFactory(EpollDomainSocketChannel::new)
                    .connect(new DomainSocketAddress(socket.toString()));
        }
        return bootstrap.channelFactory(NioDomainSocketChannel::new).connect(UnixDomainSocketAddress.of(socket));
    }
}
