package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
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
 * @param proxyScheme what a trusted proxy says about the client's connection to it: {@code http}, {@code https}, or null
 */
public record Peer(
        String remoteAddress,
        String remotePort,
        String serverPort,
        @Nullable TlsSession tls,
        @Nullable String proxyScheme) {
    private static final Peer UNIX = new Peer("", "", "", null, null);

    /** What a trusted proxy has said in a PROXY header. */
    public static final AttributeKey<Ends> SPOKEN_FOR = AttributeKey.valueOf("juwsgi.proxy");

    /** Both ends of a client's connection to a proxy. */
    public record Ends(InetSocketAddress client, InetSocketAddress server) {}

    /** Returns the peer of a connected channel. */
    public static Peer of(Channel channel) {
        TlsSession tls = channel.attr(TlsSession.KEY).get();
        Ends ends = channel.attr(SPOKEN_FOR).get();
        SocketAddress remote = ends != null ? ends.client() : channel.remoteAddress();
        SocketAddress local = ends != null ? ends.server() : channel.localAddress();
        if (!(remote instanceof InetSocketAddress client) || !(local instanceof InetSocketAddress server)) {
            return tls == null ? UNIX : new Peer("", "", "", tls, null);
        }
        return new Peer(
                NetUtil.toAddressString(client.getAddress()),
                Integer.toString(client.getPort()),
                Integer.toString(server.getPort()),
                tls,
                null);
    }

    /** Returns this peer with what a trusted proxy says in its request. */
    public Peer said(String address, String port, @Nullable String proxyPort, @Nullable String scheme) {
        return new Peer(address, port, proxyPort != null ? proxyPort : serverPort, tls, scheme);
    }

    /** Returns {@code https} over TLS, {@code http} without. */
    public String scheme() {
        return proxyScheme != null ? proxyScheme : tls == null ? "http" : "https";
    }
}
