package io.juwsgi.router.upstream;

import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The TLS of one upstream: a context for each protocol that its servers speak. Made on the main thread; immutable. */
final class UpstreamTls {
    private final UpstreamSettings settings;
    private final Map<Protocol, TlsClientContext> contexts = new EnumMap<>(Protocol.class);

    /**
     * Prepares it.
     *
     * @param maker makes contexts; asked only when a server is to be encrypted to
     * @throws io.juwsgi.config.ConfigException when there is no TLS, or a file cannot be used
     */
    UpstreamTls(
            String upstream,
            UpstreamSettings settings,
            List<ServerSpec> servers,
            Function<TlsDestination, TlsClientContext> maker) {
        this.settings = settings;
        for (ServerSpec server : servers) {
            if (settings.tls() || server.tls()) {
                contexts.computeIfAbsent(
                        protocol(server), protocol -> maker.apply(destination(upstream, settings, protocol)));
            }
        }
    }

    private static TlsDestination destination(String upstream, UpstreamSettings settings, Protocol protocol) {
        return new TlsDestination(
                "upstream " + upstream,
                settings.tlsVerify(),
                settings.tlsCa(),
                settings.tlsCertificate(),
                settings.tlsKey(),
                protocol.names());
    }

    private Protocol protocol(ServerSpec server) {
        return server.protocol().orElse(settings.protocol());
    }

    /** Returns how connections to a member are encrypted; {@code server} is what named it or found it. */
    Optional<EndpointTls> of(ServerSpec server, EndpointAddress address) {
        if (!settings.tls() && !server.tls()) {
            return Optional.empty();
        }
        String name = settings.tlsName().isEmpty() ? server.host() : settings.tlsName();
        int port = address.socket() instanceof InetSocketAddress inet ? inet.getPort() : -1;
        return Optional.ofNullable(contexts.get(protocol(server))).map(context -> new EndpointTls(context, name, port));
    }
}
