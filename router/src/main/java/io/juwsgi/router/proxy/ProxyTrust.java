package io.juwsgi.router.proxy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.exchange.ForwardedTrust;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.spi.exchange.Fields;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which proxies are believed, and what they say. Fields by which a client could pass for another are dropped where they do not
 * come from a trusted proxy, so that no application believes them. Immutable.
 */
public final class ProxyTrust implements ForwardedTrust {
    /** Which of the two families of fields trusted proxies send; only one can be theirs, the other may be a client's. */
    private enum Kind {
        X_FORWARDED,
        FORWARDED,
        NONE
    }

    private final Networks trusted;
    private final Kind kind;
    private final boolean proxyProtocol;

    private ProxyTrust(Networks trusted, Kind kind, boolean proxyProtocol) {
        this.trusted = trusted;
        this.kind = kind;
        this.proxyProtocol = proxyProtocol;
    }

    /**
     * Reads the settings.
     *
     * @throws ConfigException when one of them is wrong
     */
    public static ProxyTrust of(Settings settings) {
        List<String> networks =
                settings.has(ProxyOptions.TRUSTED) ? settings.get(ProxyOptions.TRUSTED) : List.of("127.0.0.0/8", "::1");
        String kind = settings.get(ProxyOptions.FIELDS).orElse("x-forwarded");
        return new ProxyTrust(
                Networks.of("trusted-proxies", networks),
                switch (kind) {
                    case "x-forwarded" -> Kind.X_FORWARDED;
                    case "forwarded" -> Kind.FORWARDED;
                    case "none" -> Kind.NONE;
                    default ->
                        throw new ConfigException(
                                "--forwarded-fields " + kind + ": expected x-forwarded, forwarded or none");
                },
                settings.get(ProxyOptions.PROXY_PROTOCOL));
    }

    /** Returns whether a connection comes from a trusted proxy. */
    public boolean trusts(Channel channel) {
        return trusts(channel.remoteAddress());
    }

    /** Returns whether a connection has to begin with a PROXY header. */
    public boolean wantsHeader(Channel channel) {
        return proxyProtocol && trusts(channel.remoteAddress());
    }

    @Override
    public boolean trusts(Peer peer) {
        return trusts(peer.remoteAddress());
    }

    private boolean trusts(SocketAddress address) {
        return !(address instanceof InetSocketAddress inet) || trusts(inet.getAddress());
    }

    private boolean trusts(@Nullable InetAddress address) {
        return address != null && trusted.hold(address);
    }

    private boolean trusts(String address) {
        return address.isEmpty() || trusts(Addresses.parse(address));
    }

    /** Returns whether one of the fields is among those that only trusted proxies may send. */
    public static boolean concerned(Fields fields) {
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            char first = name.charAt(0);
            if ((first == 'x' || first == 'X' || first == 'f' || first == 'F') && ForwardedFields.isOne(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Peer peer(Peer peer, Fields fields) {
        boolean believed = kind != Kind.NONE && trusts(peer.remoteAddress());
        if (!believed || kind != Kind.X_FORWARDED) {
            ForwardedFields.X.forEach(fields::remove);
        }
        if (!believed || kind != Kind.FORWARDED) {
            fields.remove("Forwarded");
        }
        if (!believed) {
            return peer;
        }
        Hops hops = kind == Kind.FORWARDED ? ForwardedFields.standard(fields) : ForwardedFields.x(fields);
        String address = peer.remoteAddress();
        String port = peer.remotePort();
        for (int i = hops.clients().size() - 1; i >= 0 && trusts(address); i--) {
            InetSocketAddress hop = Addresses.parseWithPort(hops.clients().get(i));
            if (hop == null) {
                break;
            }
            address = Addresses.text(hop.getAddress());
            port = hop.getPort() == 0 ? "" : Integer.toString(hop.getPort());
        }
        return peer.said(address, port, hops.port(), hops.scheme());
    }

    @Override
    public @Nullable String host(Peer peer, Fields fields) {
        if (kind == Kind.NONE || !trusts(peer.remoteAddress())) {
            return null;
        }
        return (kind == Kind.FORWARDED ? ForwardedFields.standard(fields) : ForwardedFields.x(fields)).host();
    }
}
