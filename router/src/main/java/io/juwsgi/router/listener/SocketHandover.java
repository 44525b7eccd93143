package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Passes open sockets from one process to another over a Unix socket (SCM_RIGHTS of unix(7)), in a given order. */
public final class SocketHandover implements AutoCloseable {
    /** How long the passing may take, in seconds. */
    private static final long PATIENCE = 10;

    private final Channel listener;

    private SocketHandover(Channel listener) {
        this.listener = listener;
    }

    /**
     * Gives descriptors to whoever connects, until it is closed; this process keeps them.
     *
     * @param path a place in a directory that is this user's alone
     */
    public static SocketHandover offer(EventLoopGroup loops, Path path, List<Integer> descriptors) {
        ChannelInitializer<Channel> giver = new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Giver(descriptors));
            }
        };
        return new SocketHandover(new ServerBootstrap()
                .group(loops)
                .channel(EpollServerDomainSocketChannel.class)
                .childHandler(giver)
                .bind(new DomainSocketAddress(path.toString()))
                .syncUninterruptibly()
                .channel());
    }

    private static final class Giver extends ChannelInboundHandlerAdapter {
        private final List<Integer> descriptors;

        Giver(List<Integer> descriptors) {
            this.descriptors = descriptors;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            for (int descriptor : descriptors) {
                var _ = ctx.write(new FileDescriptor(descriptor));
            }
            // The other side closes when it has all of them; closing first could lose what is on the way.
            ctx.flush();
        }
    }

    /**
     * Takes the descriptors that another process offers.
     *
     * @param count how many there are
     * @throws ConfigException when they do not come
     */
    public static List<Integer> take(EventLoopGroup loops, Path path, int count) {
        Taker taker = new Taker(count);
        Channel channel = new Bootstrap()
                .group(loops)
                .channel(EpollDomainSocketChannel.class)
                .option(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                .handler(taker)
                .connect(new DomainSocketAddress(path.toString()))
                .syncUninterruptibly()
                .channel();
        try {
            return taker.all.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            throw new ConfigException("upgrade: the sockets did not come: " + e.getCause());
        } finally {
            var _ = channel.close().syncUninterruptibly();
        }
    }

    private static final class Taker extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<List<Integer>> all = new CompletableFuture<>();
        private final List<Integer> taken = new ArrayList<>();
        private final int count;

        Taker(int count) {
            this.count = count;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            taken.add(((FileDescriptor) message).intValue());
            if (taken.size() == count) {
                all.complete(List.copyOf(taken));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            all.completeExceptionally(new java.io.IOException(taken.size() + " of " + count + " came"));
        }
    }

    /** Stops giving. */
    @Override
    public void close() {
        var _ = listener.close().syncUninterruptibly();
    }
}
