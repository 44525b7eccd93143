package io.juwsgi.spi.balance;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Whom a health check asks, and for what.
 *
 * @param address the endpoint's address as text
 * @param socket where to connect: an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
 * @param path the path to ask for, where the protocol has one; {@code /} unless the upstream says otherwise
 * @param host the host to ask for, where the protocol has one
 * @param timeout how long the answer may take
 * @param connector connects as requests do
 */
public record CheckTarget(
        String address, SocketAddress socket, String path, String host, Duration timeout, Connector connector) {

    /** Makes a connection on which the endpoint's protocol may begin: encrypted and announced as the upstream wants it. */
    @FunctionalInterface
    public interface Connector {

        /** Connects. Blocks; an interrupt ends that. */
        ByteChannel connect() throws IOException;
    }

    /** Makes a target that is connected to as it is. */
    public CheckTarget(String address, SocketAddress socket, String path, String host, Duration timeout) {
        this(address, socket, path, host, timeout, () -> SocketChannel.open(socket));
    }

    /**
     * Connects as requests do.
     *
     * @return the connection, which the caller closes
     * @throws IOException when there is none; the message says why
     */
    public ByteChannel connect() throws IOException {
        return connector.connect();
    }
}
