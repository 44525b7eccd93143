package io.juwsgi.loadbalancer.subscription;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;

/** Sends and receives datagrams by UDP or, for an address with a slash, by a Unix socket. */
final class Datagrams implements AutoCloseable {
    private final @Nullable DatagramChannel inet;
    private final @Nullable UnixDatagramChannel unix;
    private final @Nullable Path path;

    /** Tells this socket's file from that of a successor, which has taken its place. */
    private final String inode;

    private Datagrams(
            @Nullable DatagramChannel inet, @Nullable UnixDatagramChannel unix, @Nullable Path path, String inode) {
        this.inet = inet;
        this.unix = unix;
        this.path = path;
        this.inode = inode;
    }

    /** Receives at an address; a Unix socket's file is for this user alone. */
    static Datagrams at(String address) throws IOException {
        if (address.indexOf('/') < 0) {
            return new Datagrams(bound(inet(address)), null, null, "");
        }
        Path file = Path.of(address);
        if (Files.isRegularFile(file) || Files.isDirectory(file)) {
            throw new IOException(address + " is no socket (expected: nothing there, or a socket)");
        }
        Files.deleteIfExists(file);
        UnixDatagramChannel channel = UnixDatagramChannel.open();
        channel.bind(new UnixSocketAddress(file.toFile()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return new Datagrams(null, channel, file, inode(file));
    }

    private static DatagramChannel bound(InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        try {
            // So that a successor may begin before this server ends.
            return channel.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static String inode(Path file) throws IOException {
        return String.valueOf(Files.getAttribute(file, "unix:ino"));
    }

    /** Reads {@code [HOST]:PORT}. */
    static InetSocketAddress inet(String address) throws IOException {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IOException(address + " (expected: HOST:PORT, or a path with a slash)");
        }
        String host = address.substring(0, colon).replaceAll("^\\[|]$", "");
        int number = Integer.parseInt(port);
        return host.isEmpty() || host.equals("*")
                ? new InetSocketAddress(number)
                : new InetSocketAddress(InetAddress.getByName(host), number);
    }

    /** Sends one datagram. */
    static void send(String address, byte[] bytes) throws IOException {
        send(address, bytes, "");
    }

    /**
     * Sends one datagram.
     *
     * @param from the own UDP address; empty for any
     */
    static void send(String address, byte[] bytes, String from) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(bytes);
        if (address.indexOf('/') >= 0) {
            try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
                channel.send(out, new UnixSocketAddress(Path.of(address).toFile()));
            }
            return;
        }
        try (DatagramChannel channel = DatagramChannel.open()) {
            if (!from.isEmpty()) {
                channel.bind(inet(from));
            }
            channel.send(out, inet(address));
        }
    }

    /** Returns the address of this machine that {@code address} is reached from. */
    static InetAddress from(String address) throws IOException {
        try (DatagramChannel channel = DatagramChannel.open().connect(inet(address))) {
            return ((InetSocketAddress) channel.getLocalAddress()).getAddress();
        }
    }

    /**
     * Waits for a datagram.
     *
     * @param into takes it; what does not fit is cut off
     * @return who sent it, null over a Unix socket
     */
    @Nullable
    InetAddress receive(ByteBuffer into) throws IOException {
        if (inet != null) {
            return inet.receive(into) instanceof InetSocketAddress sender ? sender.getAddress() : null;
        }
        if (unix != null) {
            unix.receive(into);
        }
        return null;
    }

    /** Returns the UDP port, -1 for a Unix socket. */
    int port() throws IOException {
        return inet != null && inet.getLocalAddress() instanceof InetSocketAddress own ? own.getPort() : -1;
    }

    @Override
    public void close() throws IOException {
        if (inet != null) {
            inet.close();
        }
        if (unix == null || path == null) {
            return;
        }
        if (Files.exists(path) && inode(path).equals(inode)) {
            // Whoever waits for a datagram there would go on to wait.
            try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
                channel.send(ByteBuffer.allocate(1), new UnixSocketAddress(path.toFile()));
            }
            Files.deleteIfExists(path);
        }
        unix.close();
    }
}
