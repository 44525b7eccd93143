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
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All upstreams of the server, and the routes to them. Made on the main thread; any event loop asks. */
public final class Upstreams implements AutoCloseable {
    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private final Map<String, Membership> members = new LinkedHashMap<>();
    private final RouteTable routes;
    private final Map<String, KeyedUpstreams> keyed = new LinkedHashMap<>();
    private final @Nullable Upstream httpTo;
    private final @Nullable Upstream fastrouterTo;

    private static final Handler NOBODY = exchange -> exchange.fail(Trouble.NO_ENDPOINT.failure());

    private Upstreams(
            UpstreamConfig config,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        List<String> failures = new ArrayList<>();
        for (Definition definition : config.upstreams()) {
            try {
                if (UwsgiRouters.isKeyed(definition.name())) {
                    keyed.put(definition.name(), keyed(config, definition, parts, tls, loops));
                    continue;
                }
                Upstream upstream = make(definition.name(), definition, parts, tls, loops);
                byName.put(definition.name(), upstream);
                members.put(definition.name(), Membership.start(upstream, definition.servers(), parts.discoveries()));
            } catch (IllegalArgumentException | ConfigException e) {
                failures.add(definition.origin() + ": upstream " + definition.name() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            close();
            throw new ConfigException(String.join("\n", failures));
        }
        routes = new RouteTable(config.routes(), byName);
        httpTo = byName.get(UwsgiRouters.HTTP_TO);
        fastrouterTo = byName.get(UwsgiRouters.FASTROUTER_TO);
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

    private static KeyedUpstreams keyed(
            UpstreamConfig config,
            Definition definition,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        boolean http = definition.name().equals(UwsgiRouters.HTTP_SUBSCRIPTIONS);
        // Made once here too, so that what is wrong is told at the start.
        var _ = make(definition.name(), definition, parts, tls, loops);
        return new KeyedUpstreams(
                definition.servers(),
                parts.discoveries(),
                key -> make(key, definition, parts, tls, loops),
                config.keys().wildcards(),
                http ? config.keys().http() : config.keys().fastrouter());
    }

    private static Upstream make(
            String name,
            Definition definition,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        String id = "balance-" + definition.settings().balance();
        BalancerFactory balancers = parts.balancers().get(id);
        if (balancers == null) {
            throw new IllegalArgumentException("there is no " + id);
        }
        return new Upstream(
                name,
                definition.settings(),
                new Locality(definition.zone()),
                balancers,
                definition
                        .settings()
                        .check()
                        .map(check -> parts.checks().get("check-" + check))
                        .orElse(null),
                definition
                        .settings()
                        .fleet()
                        .map(fleet -> parts.fleets().get("fleet-" + fleet))
                        .orElse(null),
                new UpstreamTls(definition.name(), definition.settings(), definition.servers(), tls),
                loops);
    }

    /** Returns the upstream that answers a request, or null when that is somebody else's. */
    public @Nullable Handler handlerFor(Request request) {
        Upstream routed = routes.find(request);
        if (routed != null) {
            return routed;
        }
        // Requests by other listeners are for this server itself: http-to may well name one of those.
        if (isFront(request.listener())) {
            return byKey(request, keyed.get(UwsgiRouters.HTTP_SUBSCRIPTIONS), httpTo, null);
        }
        return request.listener().equals("fastrouter")
                ? byKey(request, keyed.get(UwsgiRouters.FASTROUTER_SUBSCRIPTIONS), fastrouterTo, NOBODY)
                : null;
    }

    private static @Nullable Handler byKey(
            Request request, @Nullable KeyedUpstreams subscribed, @Nullable Upstream all, @Nullable Handler otherwise) {
        Upstream found = subscribed == null ? null : subscribed.find(request);
        if (found != null) {
            return found;
        }
        return all != null ? all : subscribed != null ? NOBODY : otherwise;
    }

    /** http and https, as uWSGI's own router; not http-socket and its like. */
    private static boolean isFront(String listener) {
        return listener.startsWith("http") && !listener.endsWith("socket");
    }

    /**
     * Returns the members of an upstream.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    Membership members(String name) {
        Membership known = members.get(name);
        return known != null
                ? known
                : keyed.values().stream()
                        .map(all -> all.members(name))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("there is no upstream " + name));
    }

    /** Returns what operators may use. */
    public List<Object> components() {
        return List.of(new UpstreamControl(this));
    }

    /** Returns the numbers of all upstreams. From any thread. */
    public List<UpstreamStats> stats() {
        return all().map(Upstream::stats).toList();
    }

    private Stream<Upstream> all() {
        return Stream.concat(byName.values().stream(), keyed.values().stream().flatMap(KeyedUpstreams::all));
    }

    @Override
    public void close() {
        keyed.values().forEach(KeyedUpstreams::close);
        members.values().forEach(Membership::close);
        byName.values().forEach(Upstream::close);
    }
}
