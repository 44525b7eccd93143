package io.juwsgi.router.listener;

import io.juwsgi.config.ConfigException;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Binds listening sockets. Used on the main thread at start.
 *
 * @param inherited sockets that other processes opened; a listener takes one of these if it can
 * @param transport what carries them
 * @param loops where accepted connections live
 * @param backlog how many connections may wait to be accepted
 * @param mode permissions of Unix sockets, null for what the umask gives
 * @param owner {@code user:group} of Unix sockets, or null
 */
public record Binder(
        InheritedSockets inherited,
        Transport transport,
        EventLoopGroup loops,
        int backlog,
        @Nullable Set<PosixFilePermission> mode,
        @Nullable String owner) {

    /** A response's bytes in memory before its producer is told to wait, and before it may go on. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 128 * 1024);

    /** A listening socket. */
    public static final class Bound {
        private final Channel channel;
        private final HandedSocket origin;
        private final @Nullable UnixSocketFile file;

        Bound(Channel channel, ListenAddress address, @Nullable UnixSocketFile file) {
            this(channel, new HandedSocket(-1, "", address), file);
        }

        Bound(Channel channel, HandedSocket origin, @Nullable UnixSocketFile file) {
            this.channel = channel;
            this.origin = origin;
            this.file = file;
        }

        /** Returns the listening channel. */
        public Channel channel() {
            return channel;
        }

        /** Returns where it listens, as it was asked for, or as the opener of an inherited socket says. */
        public ListenAddress address() {
            return origin.address();
        }

        /** Returns what another server must know of it to go on with it. */
        public HandedSocket origin() {
            return origin;
        }

        /** Returns its file descriptor. */
        public int descriptor() {
            return ((UnixChannel) channel).fd().intValue();
        }

        /** Returns the bound port, or -1 for a Unix socket. */
        public int port() {
            return channel.localAddress() instanceof InetSocketAddress tcp ? tcp.getPort() : -1;
        }

        /** Removes the file of a Unix socket, if this is one. */
        public void removeFile() throws IOException {
            if (file != null) {
                file.remove();
            }
        }
    }

    /**
     * Binds one listener.
     *
     * @param option the option's name, for messages
     * @param connections prepares each accepted connection, on its event loop
     * @throws ConfigException with one line for the user
     */
    public Bound bind(String option, ListenAddress address, ChannelHandler connections) {
        InheritedSockets.Inherited passed = inherited.take(address);
        if (passed != null) {
            return adopt(option, passed, connections);
        }
        try {
            return switch (address) {
                case ListenAddress.Tcp tcp ->
                    new Bound(open(transport.tcp(), resolve(tcp), true, connections), tcp, null);
                case ListenAddress.Abstract named -> bindAbstract(named, connections);
                case ListenAddress.Unix unix -> bindFile(unix, connections);
                case ListenAddress.Descriptor inherited ->
                    throw new IOException("no such socket was passed to this process (expected: one that LISTEN_FDS or"
                            + " LISTEN_FDNAMES tells of)");
            };
        } catch (IOException e) {
            throw new ConfigException("--" + option + " " + address + ": " + reason(e));
        }
    }

    private Bound adopt(String option, InheritedSockets.Inherited socket, ChannelHandler connections) {
        if (transport != Transport.EPOLL) {
            throw new ConfigException("--" + option + " " + socket.address()
                    + ": inherited sockets need Linux and Netty's native epoll library");
        }
        boolean tcp = socket.address() instanceof ListenAddress.Tcp;
        try {
            Channel channel = opened(bootstrap(tcp, connections)
                    .channelFactory(() -> tcp
                            ? new EpollServerSocketChannel(socket.fd())
                            : new EpollServerDomainSocketChannel(socket.fd(), true))
                    .register());
            boolean ownFile = socket.origin().ours() && socket.address() instanceof ListenAddress.Unix;
            UnixSocketFile file =
                    ownFile ? UnixSocketFile.taken(socket.address().toString()) : null;
            return new Bound(channel, socket.origin(), file);
        } catch (IOException e) {
            throw new ConfigException("--" + option + " " + socket.address() + ": " + reason(e));
        }
    }

    private Bound bindAbstract(ListenAddress.Abstract named, ChannelHandler connections) throws IOException {
        if (transport != Transport.EPOLL) {
            throw new IOException("abstract Unix sockets need Linux and Netty's native epoll library");
        }
        return new Bound(open(transport.unix(), transport.path("\0" + named.name()), false, connections), named, null);
    }

    private Bound bindFile(ListenAddress.Unix unix, ChannelHandler connections) throws IOException {
        UnixSocketFile file = UnixSocketFile.prepare(unix.path());
        Channel channel = null;
        try {
            channel = open(transport.unix(), transport.path(file.bindPath()), false, connections);
            file.publish(mode, owner);
            return new Bound(channel, unix, file);
        } catch (IOException e) {
            file.discard();
            if (channel != null) {
                var _ = channel.close().syncUninterruptibly();
            }
            throw e;
        }
    }

    private static InetSocketAddress resolve(ListenAddress.Tcp tcp) throws IOException {
        if (tcp.host().isEmpty()) {
            return new InetSocketAddress(tcp.port());
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(tcp.host()), tcp.port());
        } catch (UnknownHostException e) {
            throw new IOException("the host name '" + tcp.host() + "' is not known", e);
        }
    }

    private Channel open(
            Class<? extends ServerChannel> kind, SocketAddress address, boolean tcp, ChannelHandler connections)
            throws IOException {
        return opened(bootstrap(tcp, connections).channel(kind).bind(address));
    }

    private ServerBootstrap bootstrap(boolean tcp, ChannelHandler connections) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .option(ChannelOption.SO_BACKLOG, backlog)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(connections);
        if (tcp) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, true).childOption(ChannelOption.TCP_NODELAY, true);
        }
        return bootstrap;
    }

    private static Channel opened(ChannelFuture future) throws IOException {
        future.awaitUninterruptibly();
        if (!future.isSuccess()) {
            Throwable cause = future.cause();
            throw cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
        }
        return future.channel();
    }

    /** Netty's native errors carry no types: the system's words tell what happened. */
    private static String reason(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (text.contains("Address already in use")) {
            return "the address is in use by another process";
        }
        if (text.contains("Permission denied") || e instanceof java.nio.file.AccessDeniedException) {
            return "no permission to bind it (ports below 1024 need root or CAP_NET_BIND_SERVICE)";
        }
        if (text.contains("Cannot assign requested address")) {
            return "this machine has no such address";
        }
        return text;
    }
}
