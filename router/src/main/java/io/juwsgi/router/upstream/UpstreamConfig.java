package io.juwsgi.router.upstream;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.config.Suggestions;
import io.juwsgi.config.typed.Sections;
import io.juwsgi.config.typed.Sections.Section;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is configured of upstreams and routes, checked as far as that goes without plugins. Immutable. */
public final class UpstreamConfig {
    private static final Sections<UpstreamSettings> UPSTREAMS =
            Sections.of(UpstreamOptions.UPSTREAMS, UpstreamSettings.class);
    private static final Sections<RouteSettings> ROUTES = Sections.of(UpstreamOptions.ROUTES, RouteSettings.class);

    /** An upstream with its servers. */
    record Definition(String name, Origin origin, UpstreamSettings settings, List<ServerSpec> servers, String zone) {}

    private final List<Definition> upstreams;
    private final List<RouteSettings> routes;
    private final UwsgiRouters.Keys keys;

    private UpstreamConfig(List<Definition> upstreams, List<RouteSettings> routes, UwsgiRouters.Keys keys) {
        this.keys = keys;
        this.upstreams = List.copyOf(upstreams);
        this.routes = List.copyOf(routes);
    }

    /**
     * Reads it.
     *
     * @throws ConfigException when something is wrong; all mistakes are in the message
     */
    public static UpstreamConfig of(Settings settings) {
        List<String> failures = new ArrayList<>();
        List<Definition> definitions = new ArrayList<>();
        for (Section<UpstreamSettings> section : UPSTREAMS.decode(UwsgiRouters.asUpstreams(settings), failures)) {
            define(section, settings.get(UpstreamOptions.ZONE).orElse(""), failures, definitions);
        }
        List<RouteSettings> routes = new ArrayList<>();
        for (Section<RouteSettings> route : ROUTES.decode(settings, failures)) {
            String wanted = route.settings().upstream();
            if (definitions.stream().noneMatch(one -> one.name().equals(wanted))) {
                failures.add(route.origin() + ": routes-" + route.name() + "-upstream: there is no upstream " + wanted);
            }
            routes.add(route.settings());
        }
        definitions.forEach(one -> checkFallback(one, definitions, failures));
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return new UpstreamConfig(definitions, routes, UwsgiRouters.Keys.of(settings));
    }

    /** An upstream falls back to another one, which may have one too, but never to itself. */
    private static void checkFallback(Definition upstream, List<Definition> all, List<String> failures) {
        Set<String> seen = new HashSet<>();
        Definition at = upstream;
        while (at != null && at.settings().fallback().isPresent()) {
            String wanted = at.settings().fallback().get();
            if (!seen.add(at.name())) {
                failures.add(upstream.origin() + ": upstream " + upstream.name() + ": falls back to itself in the end");
                return;
            }
            at = all.stream()
                    .filter(one -> one.name().equals(wanted))
                    .findFirst()
                    .orElse(null);
            if (at == null && seen.size() == 1) {
                failures.add(upstream.origin() + ": upstream " + upstream.name() + ": fallback: there is no upstream "
                        + wanted);
            }
        }
    }

    private static void define(
            Section<UpstreamSettings> section, String zone, List<String> failures, List<Definition> definitions) {
        UpstreamSettings settings = section.settings();
        try {
            List<ServerSpec> servers =
                    settings.servers().stream().map(ServerSpec::parse).toList();
            boolean http2 =
                    servers.stream().anyMatch(one -> one.protocol().orElse(settings.protocol()) == Protocol.HTTP2);
            if (http2 && settings.check().filter("http"::equals).isPresent()) {
                throw new IllegalArgumentException("check: http, which speaks HTTP/1.1 (expected: tcp)");
            }
            definitions.add(new Definition(section.name(), section.origin(), settings, servers, zone));
        } catch (IllegalArgumentException e) {
            failures.add(section.origin() + ": upstream " + section.name() + ": " + e.getMessage());
        }
    }

    /**
     * Returns an upstream of one server that is as upstreams are when nothing is said.
     *
     * @param server the server, {@code SCHEME://ADDRESS}, which is its name too
     * @throws IllegalArgumentException when it is none
     */
    static Definition single(String server) {
        Setting setting = new Setting(
                UpstreamOptions.UPSTREAMS, "name=route,servers=" + server.replace(",", "\\,"), new Origin("route", 0));
        List<String> failures = new ArrayList<>();
        List<Section<UpstreamSettings>> sections = UPSTREAMS.decode(new Settings(List.of(setting)), failures);
        if (!failures.isEmpty()) {
            throw new IllegalArgumentException(String.join(", ", failures));
        }
        return new Definition(
                server, setting.origin(), sections.getFirst().settings(), List.of(ServerSpec.parse(server)), "");
    }

    /**
     * Returns a line for each upstream that a filter may choose and that is not there.
     *
     * @param chosen names, or {@code SCHEME://ADDRESS} of servers, which need no upstream
     */
    public List<String> unknown(Collection<String> chosen) {
        List<String> names = upstreams.stream().map(Definition::name).toList();
        List<String> lines = new ArrayList<>();
        for (String one : chosen) {
            if (!one.contains("://") && !names.contains(one)) {
                String expected = Suggestions.closest(one, names)
                        .map(name -> "did you mean " + name + "?")
                        .orElse(
                                names.isEmpty()
                                        ? "expected: one of upstreams"
                                        : "expected: " + String.join(", ", names));
                lines.add("a route chooses the upstream " + one + ", which is not there (" + expected + ")");
            }
        }
        return lines;
    }

    /** Returns the extensions that upstreams name. */
    public List<NamedExtension> named() {
        List<NamedExtension> named = new ArrayList<>();
        for (Definition upstream : upstreams) {
            named.add(
                    new NamedExtension("balance-" + upstream.settings().balance(), upstream.name(), upstream.origin()));
            upstream.settings()
                    .check()
                    .ifPresent(check ->
                            named.add(new NamedExtension("check-" + check, upstream.name(), upstream.origin())));
            upstream.settings()
                    .fleet()
                    .ifPresent(fleet ->
                            named.add(new NamedExtension("fleet-" + fleet, upstream.name(), upstream.origin())));
            for (ServerSpec server : upstream.servers()) {
                if (server.discovery() != null) {
                    named.add(new NamedExtension("discover-" + server.discovery(), upstream.name(), upstream.origin()));
                }
            }
        }
        return named;
    }

    /** Returns whether connections to a server are encrypted. */
    public boolean wantsTls() {
        return upstreams.stream()
                .anyMatch(one -> one.settings().tls() || one.servers().stream().anyMatch(ServerSpec::tls));
    }

    /** Returns whether there is nothing to pass requests on to. */
    public boolean isEmpty() {
        return upstreams.isEmpty();
    }

    UwsgiRouters.Keys keys() {
        return keys;
    }

    List<Definition> upstreams() {
        return upstreams;
    }

    List<RouteSettings> routes() {
        return routes;
    }
}
