package io.juwsgi.plugin.logs;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Sends datagrams to one address, and opens its socket anew after each failure. Owned by its logger's thread, which may
 * wait for a receiver that is slow; the first use of a Unix socket takes half a second.
 */
abstract sealed class Datagrams {

    /** Sends one datagram. */
    abstract void send(byte[] datagram) throws IOException;

    /** Closes the socket; sending opens another one. */
    abstract void close() throws IOException;

    /**
     * Returns a sender.
     *
     * @param address {@code host:port}, or the path of a Unix socket
     * @throws IllegalArgumentException when the address is neither
     */
    static Datagrams to(String address) {
        if (address.startsWith("/")) {
            return new Unix(address);
        }
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 0 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw new IllegalArgumentException("address: " + address + " (expected: host:port or a socket's path)");
        }
        String host = address.substring(0, colon);
        return new Udp(host.isEmpty() ? "127.0.0.1" : host, Integer.parseInt(port));
    }

    private static final class Udp extends Datagrams {
        private final String host;
        private final int port;
        private @Nullable DatagramChannel channel;
        private @Nullable InetSocketAddress target;

        Udp(String host, int port) {
            this.host = host;
            this.port = port;
        }

        @Override
        void send(byte[] datagram) throws IOException {
            try {
                InetSocketAddress to = target;
                DatagramChannel open = channel;
                if (to == null || open == null) {
                    to = new InetSocketAddress(resolved(), port);
                    open = DatagramChannel.open();
                    target = to;
                    channel = open;
                }
                open.send(ByteBuffer.wrap(datagram), to);
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        private InetAddress resolved() throws IOException {
            try {
                return InetAddress.getByName(host);
            } catch (UnknownHostException e) {
                throw new IOException("the host " + host + " is not known", e);
            }
        }

        @Override
        void close() throws IOException {
            DatagramChannel open = channel;
            channel = null;
            target = null;
            if (open != null) {
                open.close();
            }
        }
    }

    private static final class Unix extends Datagrams {
        private final String path;
        private @Nullable UnixDatagramChannel channel;

        Unix(String path) {
            this.path = path;
        }

        @Override
        void send(byte[] datagram) throws IOException {
            try {
                UnixDatagramChannel open = channel;
                if (open == null) {
                    open = UnixDatagramChannel.open();
                    channel = open;
                }
                open.send(ByteBuffer.wrap(datagram), new UnixSocketAddress(new File(path)));
            } catch (IOException e) {
                close();
                throw new IOException(path + ": " + e.getMessage(), e);
            }
        }

        @Override
        void close() throws IOException {
            UnixDatagramChannel open = channel;
            channel = null;
            if (open != null) {
                open.close();
            }
        }
    }
}
