package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import io.juwsgi.spi.exchange.Request;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Upstreams that come and go while the server runs, each for requests with one key: servers that subscribe with it. Event loops
 * look for them; discoveries tell of changes on threads of their own.
 */
final class KeyedUpstreams implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KeyedUpstreams.class.getName());

    /** Labels that are taken off a name to look for an upstream of all names below. */
    private static final int MOST_LABELS = 5;

    private record Group(Upstream upstream, Membership members, Map<ServerSpec, Integer> sizes) {}

    private final List<ServerSpec> servers;
    private final Function<String, Upstream> maker;
    private final boolean wildcards;
    private final String fallbackKey;
    private final Map<String, Group> byKey = new ConcurrentHashMap<>();
    private final List<AutoCloseable> watches = new ArrayList<>();

    /**
     * Begins to watch.
     *
     * @param servers discoveries that find groups
     * @param maker makes the upstream of a key, without members
     * @param wildcards whether {@code .example.org} is a key for all names below
     * @param fallbackKey the key of requests that no other has; empty for none
     */
    KeyedUpstreams(
            List<ServerSpec> servers,
            Map<String, Discovery> discoveries,
            Function<String, Upstream> maker,
            boolean wildcards,
            String fallbackKey) {
        this.servers = servers;
        this.maker = maker;
        this.wildcards = wildcards;
        this.fallbackKey = fallbackKey;
        for (ServerSpec server : servers) {
            Discovery discovery = discoveries.get("discover-" + server.discovery());
            if (discovery == null) {
                throw new IllegalArgumentException("there is no discovery " + server.discovery());
            }
            watches.add(discovery.watchGroups(server.target(), (key, members) -> changed(server, key, members)));
        }
    }

    private synchronized void changed(ServerSpec server, String key, List<Member> members) {
        Group group = byKey.get(key);
        if (group == null) {
            if (members.isEmpty()) {
                return;
            }
            Upstream made = maker.apply(key);
            group = new Group(made, Membership.empty(made, servers), new HashMap<>());
            byKey.put(key, group);
        }
        group.members().discovered(server, members);
        group.sizes().put(server, members.size());
        if (group.sizes().values().stream().allMatch(size -> size == 0)) {
            byKey.remove(key);
            group.members().close();
            group.upstream().close();
            LOG.log(Level.INFO, "upstream={0} has no members any more", key);
        }
    }

    /** Returns the upstream for a request, or null when nobody has subscribed for it. */
    @Nullable
    Upstream find(Request request) {
        String key = key(request);
        Group found = byKey.get(key);
        if (found == null) {
            found = byName(key.toLowerCase(Locale.ROOT));
        }
        if (found == null && !fallbackKey.isEmpty()) {
            found = byKey.get(fallbackKey);
        }
        return found == null ? null : found.upstream();
    }

    private @Nullable Group byName(String name) {
        int colon = name.lastIndexOf(':');
        String host = colon > name.lastIndexOf(']') ? name.substring(0, colon) : name;
        Group found = byKey.get(host);
        int dot = wildcards ? host.indexOf('.') : -1;
        for (int i = 0; found == null && dot >= 0 && i < MOST_LABELS; i++) {
            found = byKey.get(host.substring(dot));
            dot = host.indexOf('.', dot + 1);
        }
        return found;
    }

    /** What a frontend says itself comes before the Host, as in uWSGI's fastrouter. */
    private static String key(Request request) {
        String host = request.host() == null ? "" : request.host();
        if (!request.listener().equals("fastrouter")) {
            return host;
        }
        String[] said = {"", ""};
        request.variables((name, value) -> {
            switch (name) {
                case "UWSGI_FASTROUTER_KEY" -> said[0] = value;
                case "SERVER_NAME" -> said[1] = value;
                default -> {}
            }
        });
        return !said[0].isEmpty() ? said[0] : !host.isEmpty() ? host : said[1];
    }

    /** Returns the members of a key's upstream, or null. */
    @Nullable
    Membership members(String key) {
        Group group = byKey.get(key);
        return group == null ? null : group.members();
    }

    /** Returns those that are there now. */
    Stream<Upstream> all() {
        return byKey.values().stream().map(Group::upstream);
    }

    @Override
    public void close() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "a discovery cannot be closed: " + e, e);
            }
        }
        all().forEach(Upstream::close);
    }
}
