package io.juwsgi.router.upstream;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.upstream.UpstreamConfig.Definition;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.netty.channel.EventLoop;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All upstreams of the server, and the routes to them. Made, and added to, on one thread at a time; any event loop asks. */
public final class Upstreams implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upstreams.class.getName());
    private static final Handler NOBODY = exchange -> exchange.fail(Trouble.NO_ENDPOINT.failure());

    private final UpstreamConfig config;
    private final UpstreamParts parts;
    private final Function<TlsDestination, TlsClientContext> tls;
    private final List<EventLoop> loops;
    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private final Map<String, Membership> members = new LinkedHashMap<>();
    private final RouteTable routes;
    private final Map<String, KeyedUpstreams> keyed = new LinkedHashMap<>();
    /** Servers that filters have named, by what they are called there. */
    private final Map<String, DirectUpstream> direct = new ConcurrentSkipListMap<>();

    private final @Nullable Upstream httpTo;
    private final @Nullable Upstream fastrouterTo;

    /** An upstream of one server. */
    private record DirectUpstream(Upstream upstream, Membership members) {}

    private Upstreams(
            UpstreamConfig config,
            UpstreamParts parts,
            Function<TlsDestination, TlsClientContext> tls,
            List<EventLoop> loops) {
        this.config = config;
        this.parts = parts;
        this.tls = tls;
        this.loops = loops;
        List<String> failures = new ArrayList<>();
        for (Definition definition : config.upstreams()) {
            try {
                add(definition);
            } catch (IllegalArgumentException | ConfigException e) {
                failures.add(definition.origin() + ": upstream " + definition.name() + ": " + e.getMessage());
            }
        }
        if (!failures.isEmpty()) {
            close();
            throw new ConfigException(String.join("\n", failures));
        }
        config.upstreams().forEach(this::fallBack);
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

    private void add(Definition definition) {
        if (UwsgiRouters.isKeyed(definition.name())) {
            keyed.put(definition.name(), keyed(definition));
            return;
        }
        Upstream upstream = make(definition.name(), definition);
        byName.put(definition.name(), upstream);
        members.put(definition.name(), Membership.start(upstream, definition.servers(), parts.discoveries()));
    }

    private void fallBack(Definition definition) {
        Upstream from = byName.get(definition.name());
        Upstream to = definition.settings().fallback().map(byName::get).orElse(null);
        if (from != null && to != null) {
            from.fallback(to);
        }
    }

    private KeyedUpstreams keyed(Definition definition) {
        boolean http = definition.name().equals(UwsgiRouters.HTTP_SUBSCRIPTIONS);
        // Made once here too, so that what is wrong is told at the start.
        var _ = make(definition.name(), definition);
        return new KeyedUpstreams(
                definition.servers(),
                parts.discoveries(),
                key -> make(key, definition),
                config.keys().wildcards(),
                http ? config.keys().http() : config.keys().fastrouter());
    }

    private Upstream make(String name, Definition definition) {
        String id = "balance-" + definition.settings().balance();
        BalancerFactory balancers = parts.balancers().get(id);
        if (balancers == null) {
            throw new IllegalArgumentException("there is no " + id);
        }
        return make(name, definition, balancers);
    }

    private Upstream make(String name, Definition definition, BalancerFactory balancers) {
        UpstreamSettings settings = definition.settings();
        return new Upstream(
                name,
                settings,
                new Locality(definition.zone()),
                balancers,
                settings.check()
                        .map(check -> parts.checks().get("check-" + check))
                        .orElse(null),
                settings.fleet()
                        .map(fleet -> parts.fleets().get("fleet-" + fleet))
                        .orElse(null),
                new UpstreamTls(definition.name(), settings, definition.servers(), tls),
                loops);
    }

    /**
     * Says which upstreams filters may choose from now on, and makes those of them that are servers.
     *
     * @param chosen names of upstreams, or {@code SCHEME://ADDRESS}
     * @throws ConfigException when there is no upstream of a name, or an address is wrong
     */
    public void chosen(Collection<String> chosen) {
        List<String> unknown = config.unknown(chosen);
        if (!unknown.isEmpty()) {
            throw new ConfigException(String.join("\n", unknown));
        }
        for (String one : chosen) {
            if (one.contains("://")) {
                direct.computeIfAbsent(one, this::direct);
            }
        }
    }

    private DirectUpstream direct(String server) {
        try {
            Definition definition = UpstreamConfig.single(server);
            Upstream upstream = make(server, definition, random -> new SoleServer());
            return new DirectUpstream(upstream, Membership.start(upstream, definition.servers(), parts.discoveries()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException("a route chooses the server " + server + ": " + e.getMessage());
        }
    }

    /** Returns the upstream that answers a request, or null when that is somebody else's. */
    public @Nullable Handler handlerFor(Request request) {
        if (!request.upstream().isEmpty()) {
            return chosen(request.upstream());
        }
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

    private Handler chosen(String name) {
        Upstream named = byName.get(name);
        if (named != null) {
            return named;
        }
        DirectUpstream server = direct.get(name);
        if (server != null) {
            return server.upstream();
        }
        LOG.log(Level.WARNING, "a filter chooses the upstream {0}, which is not there", name);
        return NOBODY;
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
        DirectUpstream server = direct.get(name);
        if (server != null) {
            return server.members();
        }
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
        Stream<Upstream> own =
                Stream.concat(byName.values().stream(), direct.values().stream().map(DirectUpstream::upstream));
        return Stream.concat(own, keyed.values().stream().flatMap(KeyedUpstreams::all));
    }

    @Override
    public void close() {
        keyed.values().forEach(KeyedUpstreams::close);
        members.values().forEach(Membership::close);
        byName.values().forEach(Upstream::close);
        direct.values().forEach(one -> {
            one.members().close();
            one.upstream().close();
        });
    }
}
