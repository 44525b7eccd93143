package io.juwsgi.router.exchange;

import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Both ends of a connection as text, made once a connection.
 *
 * @param remoteAddress the client's address, empty over a Unix socket
 * @param remotePort the client's port, empty over a Unix socket
 * @param serverPort the listener's port, empty over a Unix socket
 */
public record Peer(String remoteAddress, String remotePort, String serverPort) {
    private static final Peer UNIX = new Peer("", "", "");

    /** Returns the peer of a connected channel. */
    public static Peer of(Channel channel) {
        SocketAddress remote = channel.remoteAddress();
        SocketAddress local = channel.localAddress();
        if (!(remote instanceof InetSocketAddress client) || !(local instanceof InetSocketAddress server)) {
            return UNIX;
        }
        return new Peer(
                NetUtil.toAddressString(client.getAddress()),
                Integer.toString(client.getPort()),
                Integer.toString(server.getPort()));
    }
}
