package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of a connection as text, made once a connection.
 *
 * @param remoteAddress the client's address, empty over a Unix socket
 * @param remotePort the client's port, empty over a Unix socket
 * @param serverPort the listener's port, empty over a Unix socket
 * @param tls what the handshake has brought, null without TLS
 */
public record Peer(
        String remoteAddress,
        String remotePort,
        String serverPort,
        @Nullable TlsSession tls) {
    private static final Peer UNIX = new Peer("", "", "", null);

    /** Returns the peer of a connected channel. */
    public static Peer of(Channel channel) {
        TlsSession tls = channel.attr(TlsSession.KEY).get();
        SocketAddress remote = channel.remoteAddress();
        SocketAddress local = channel.localAddress();
        if (!(remote instanceof InetSocketAddress client) || !(local instanceof InetSocketAddress server)) {
            return tls == null ? UNIX : new Peer("", "", "", tls);
        }
        return new Peer(
                NetUtil.toAddressString(client.getAddress()),
                Integer.toString(client.getPort()),
                Integer.toString(server.getPort()),
                tls);
    }

    /** Returns {@code https} over TLS, {@code http} without. */
    public String scheme() {
        return tls == null ? "http" : "https";
    }
}
