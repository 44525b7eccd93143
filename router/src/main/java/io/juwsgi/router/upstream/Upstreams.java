package io.juwsgi.router.upstream;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.upstream.UpstreamConfig.Definition;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All upstreams of the server, and the routes to them. Made on the main thread; any event loop asks. */
public final class Upstreams implements AutoCloseable {
    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private final List<Membership> members = new ArrayList<>();
    private final RouteTable routes;
    private final @Nullable Upstream httpTo;

    private Upstreams(
            UpstreamConfig config,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        List<String> failures = new ArrayList<>();
        for (Definition definition : config.upstreams()) {
            try {
                Upstream upstream = make(definition, parts, tls, loops);
                byName.put(definition.name(), upstream);
                members.add(Membership.start(upstream, definition.servers(), parts.discoveries()));
            } catch (IllegalArgumentException | ConfigException e) {
                failures.add(definition.origin() + ": upstream " + definition.name() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            close();
            throw new ConfigException(String.join("\n", failures));
        }
        routes = new RouteTable(config.routes(), byName);
        httpTo = byName.get(UpstreamConfig.HTTP_TO);
    }

    /**
     * Makes them.
     *
     * @param parts the extensions that the configuration names
     * @param tls prepares connections that are encrypted; asked only when there are some
     * @param loops the event loops that exchanges belong to
     * @throws ConfigException when an address is wrong or its name is not known
     */
    public static Upstreams of(
            UpstreamConfig config,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        return new Upstreams(config, parts, tls, loops);
    }

    private static Upstream make(
            Definition definition,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        String id = "balance-" + definition.settings().balance();
        BalancerFactory balancers = parts.balancers().get(id);
        if (balancers == null) {
            throw new IllegalArgumentException("there is no " + id);
        }
        Upstream upstream = new Upstream(
                definition.name(),
                definition.settings(),
                balancers,
                definition
                        .settings()
                        .check()
                        .map(name -> parts.checks().get("check-" + name))
                        .orElse(null),
                new UpstreamTls(definition.name(), definition.settings(), definition.servers(), tls),
                loops);
        return upstream;
    }

    /** Returns the upstream that answers a request, or null when that is somebody else's. */
    public @Nullable Handler handlerFor(Request request) {
        Upstream routed = routes.find(request);
        if (routed != null) {
            return routed;
        }
        // Requests by other listeners are for this server itself: http-to may well name one of those.
        return isFront(request.listener()) ? httpTo : null;
    }

    /** http and https, as uWSGI's own router; not http-socket and its like. */
    private static boolean isFront(String listener) {
        return listener.startsWith("http") && !listener.endsWith("socket");
    }

    /** Returns the numbers of all upstreams. From any thread. */
    public List<UpstreamStats> stats() {
        return byName.values().stream().map(Upstream::stats).toList();
    }

    @Override
    public void close() {
        members.forEach(Membership::close);
        byName.values().forEach(Upstream::close);
    }
}
