package io.juwsgi.cli.stats;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Supplier;

/**
 * Writes one JSON text to each connection and closes it, as uWSGI's stats socket does; nothing is read from the client.
 * One virtual thread accepts and answers, one client after the other.
 */
public final class StatsServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(StatsServer.class.getName());

    private final ServerSocketChannel channel;
    private final Supplier<byte[]> json;

    private StatsServer(ServerSocketChannel channel, Supplier<byte[]> json) {
        this.channel = channel;
        this.json = json;
    }

    /**
     * Binds and starts.
     *
     * @param address {@code host:port}, {@code :port} or the path of a Unix socket, which gets mode 0600
     * @param json makes the text, for each client anew
     * @throws ConfigException when the address is wrong or taken
     */
    public static StatsServer start(String address, Supplier<byte[]> json) {
        try {
            StatsServer server = new StatsServer(bound(address), json);
            Thread.ofVirtual().name("juwsgi-stats").start(server::serve);
            return server;
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("stats " + address + ": " + e.getMessage());
        }
    }

    private static ServerSocketChannel bound(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            Path path = Path.of(address);
            removeStaleSocket(path);
            ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            unix.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            return unix;
        }
        String host = address.substring(0, colon);
        int port = Integer.parseInt(address.substring(colon + 1).strip());
        ServerSocketChannel tcp = ServerSocketChannel.open();
        return tcp.bind(host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port));
    }

    /** Removes the socket that a killed server left behind, and never anything that is not a socket. */
    private static void removeStaleSocket(Path path) throws IOException {
        if (Files.exists(path)
                && Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            Files.delete(path);
        }
    }

    /** Returns where it listens, as {@code host:port} or a path. */
    public String address() {
        try {
            SocketAddress local = channel.getLocalAddress();
            return local instanceof InetSocketAddress inet
                    ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                    : local.toString();
        } catch (IOException e) {
            return "closed";
        }
    }

    private void serve() {
        while (channel.isOpen()) {
            try (SocketChannel client = channel.accept()) {
                ByteBuffer text = ByteBuffer.wrap(json.get());
                while (text.hasRemaining()) {
                    client.write(text);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "stats: {0}", e.getMessage());
            }
        }
    }

    /** Stops; a Unix socket's file goes. */
    @Override
    public void close() {
        try {
            SocketAddress local = channel.getLocalAddress();
            channel.close();
            if (local instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "stats: {0}", e.getMessage());
        }
    }
}
