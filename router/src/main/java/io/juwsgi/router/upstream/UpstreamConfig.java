package io.juwsgi.router.upstream;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.Sections;
import io.juwsgi.config.typed.Sections.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** What is configured of upstreams and routes, checked as far as that goes without plugins. Immutable. */
public final class UpstreamConfig {
    /** The name of the upstream that {@code http-to} makes. */
    static final String HTTP_TO = "http-to";

    private static final Sections<UpstreamSettings> UPSTREAMS =
            Sections.of(UpstreamOptions.UPSTREAMS, UpstreamSettings.class);
    private static final Sections<RouteSettings> ROUTES = Sections.of(UpstreamOptions.ROUTES, RouteSettings.class);

    /** An upstream with its servers. */
    record Definition(String name, Origin origin, UpstreamSettings settings, List<ServerSpec> servers) {}

    private final List<Definition> upstreams;
    private final List<RouteSettings> routes;

    private UpstreamConfig(List<Definition> upstreams, List<RouteSettings> routes) {
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
        for (Section<UpstreamSettings> section : UPSTREAMS.decode(withHttpTo(settings), failures)) {
            define(section.name(), section.origin(), section.settings(), failures, definitions);
        }
        List<RouteSettings> routes = new ArrayList<>();
        for (Section<RouteSettings> route : ROUTES.decode(settings, failures)) {
            String wanted = route.settings().upstream();
            if (definitions.stream().noneMatch(one -> one.name().equals(wanted))) {
                failures.add(route.origin() + ": routes-" + route.name() + "-upstream: there is no upstream " + wanted);
            }
            routes.add(route.settings());
        }
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
        }
        return new UpstreamConfig(definitions, routes);
    }

    private static void define(
            String name,
            Origin origin,
            UpstreamSettings settings,
            List<String> failures,
            List<Definition> definitions) {
        try {
            List<ServerSpec> servers =
                    settings.servers().stream().map(ServerSpec::parse).toList();
            definitions.add(new Definition(name, origin, settings, servers));
        } catch (IllegalArgumentException e) {
            failures.add(origin + ": upstream " + name + ": " + e.getMessage());
        }
    }

    /** {@code http-to} is one more upstream, with what uWSGI has options for; a bar parts several servers. */
    private static Settings withHttpTo(Settings settings) {
        List<Setting> given = settings.of(UpstreamOptions.HTTP_TO);
        if (given.isEmpty()) {
            return settings;
        }
        StringJoiner servers = new StringJoiner("|");
        given.forEach(setting -> servers.add(setting.value().replace(",", "\\,")));
        String text = "name=" + HTTP_TO + ",servers=" + servers + ",protocol="
                + (settings.get(UpstreamOptions.HTTP_BACKEND_HTTP) ? "http" : "uwsgi") + ",connect-timeout="
                + settings.get(UpstreamOptions.HTTP_CONNECT_TIMEOUT) + "s,eject-time="
                + settings.get(UpstreamOptions.HTTP_GRACETIME) + "s,websockets="
                + (settings.get(UpstreamOptions.HTTP_WEBSOCKETS) || settings.get(UpstreamOptions.HTTP_BACKEND_HTTP));
        List<Setting> all = new ArrayList<>(settings.all());
        all.add(new Setting(UpstreamOptions.UPSTREAMS, text, given.getFirst().origin()));
        return new Settings(all);
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
        return upstreams.stream().anyMatch(one -> one.settings().tls()
                || one.servers().stream().anyMatch(ServerSpec::tls));
    }

    /** Returns whether there is nothing to pass requests on to. */
    public boolean isEmpty() {
        return upstreams.isEmpty();
    }

    List<Definition> upstreams() {
        return upstreams;
    }

    List<RouteSettings> routes() {
        return routes;
    }
}
