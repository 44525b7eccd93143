package io.juwsgi.router.upstream;

import io.juwsgi.protocol.proxy.ProxyHeader;
import io.juwsgi.spi.exchange.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Whether, and how, a server is told of the client in front of everything else. */
enum ProxyProtocol {
    /** It is not told. */
    OFF,
    /** By one line of text. */
    V1,
    /** By bytes. */
    V2;

    /** Returns what goes before the request; empty for nothing. */
    byte[] announce(Request request) {
        if (this == OFF) {
            return new byte[0];
        }
        String[] ports = {"", ""};
        request.variables((name, value) -> {
            switch (name) {
                case "REMOTE_PORT" -> ports[0] = value;
                case "SERVER_PORT" -> ports[1] = value;
                default -> {}
            }
        });
        InetSocketAddress client = client(request.remoteAddress(), ports[0]);
        // The address that the client was connected to is not known here, its port is.
        InetSocketAddress server =
                client == null ? null : new InetSocketAddress(any(client.getAddress()), port(ports[1]));
        return this == V1 ? ProxyHeader.version1(client, server) : ProxyHeader.version2(client, server);
    }

    /** Returns what this server says of itself, when it asks for no client; empty for nothing. */
    byte[] own() {
        return switch (this) {
            case OFF -> new byte[0];
            case V1 -> ProxyHeader.version1(null, null);
            case V2 -> ProxyHeader.version2(null, null);
        };
    }

    private static @Nullable InetSocketAddress client(String address, String port) {
        try {
            return address.isEmpty() ? null : new InetSocketAddress(InetAddress.ofLiteral(address), port(port));
        } catch (IllegalArgumentException e) {
            // Who is in front has told of a client without an address.
            return null;
        }
    }

    private static InetAddress any(InetAddress like) {
        return InetAddress.ofLiteral(like.getAddress().length == 4 ? "0.0.0.0" : "::");
    }

    private static int port(String text) {
        boolean digits = !text.isEmpty() && text.length() < 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : 0;
        return port > 65_535 ? 0 : port;
    }
}
