package io.juwsgi.spi.balance;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * Whom a health check asks, and for what.
 *
 * @param address the endpoint's address as text
 * @param socket where to connect: an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
 * @param path the path to ask for, where the protocol has one; {@code /} unless the upstream says otherwise
 * @param host the host to ask for, where the protocol has one
 * @param timeout how long the answer may take
 */
public record CheckTarget(String address, SocketAddress socket, String path, String host, Duration timeout) {}
