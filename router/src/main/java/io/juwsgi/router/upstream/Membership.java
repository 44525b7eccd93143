package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.Member;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who belongs to one upstream: the servers of its configuration, and what discoveries find in place of some of them. A server
 * that stays keeps its endpoint, with all that is known of it. Any thread may use it.
 */
final class Membership implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Membership.class.getName());

    /** More members of one discovery than this are a mistake. */
    private static final int MOST = 10_000;

    private final Upstream upstream;
    private final List<ServerSpec> servers;
    private final Map<ServerSpec, List<UpstreamEndpoint>> found = new HashMap<>();
    private final List<AutoCloseable> watches = new ArrayList<>();
    /** Those that an operator has added. */
    private final List<UpstreamEndpoint> added = new ArrayList<>();
    /** Addresses that an operator has removed. */
    private final Set<String> removed = new HashSet<>();

    private boolean started;

    private Membership(Upstream upstream, List<ServerSpec> servers) {
        this.upstream = upstream;
        this.servers = servers;
    }

    /**
     * Finds the members and begins to watch.
     *
     * @param discoveries by whole id
     * @throws IllegalArgumentException when an address is wrong or its name is not known
     */
    static Membership start(Upstream upstream, List<ServerSpec> servers, Map<String, Discovery> discoveries) {
        Membership membership = new Membership(upstream, servers);
        for (ServerSpec server : servers) {
            if (server.discovery() == null) {
                EndpointAddress address = EndpointAddress.parse(server.target());
                membership.found.put(server, List.of(upstream.endpoint(address, server, server)));
            }
        }
        for (ServerSpec server : servers) {
            Discovery discovery = discoveries.get("discover-" + server.discovery());
            if (discovery != null) {
                membership.watches.add(
                        discovery.watch(server.target(), members -> membership.discovered(server, members)));
            }
        }
        membership.publish();
        return membership;
    }

    /** Makes one without members, which is told of them by {@link #discovered}. */
    static Membership empty(Upstream upstream, List<ServerSpec> servers) {
        Membership membership = new Membership(upstream, servers);
        membership.publish();
        return membership;
    }

    private synchronized void publish() {
        started = true;
        List<UpstreamEndpoint> all = new ArrayList<>();
        servers.forEach(server -> all.addAll(found.getOrDefault(server, List.of())));
        all.addAll(added);
        all.removeIf(one -> removed.contains(one.address()));
        upstream.endpoints(all);
    }

    /**
     * Adds a member until the server ends.
     *
     * @throws IllegalArgumentException when it is there already, or its address is wrong
     */
    synchronized void add(ServerSpec server) {
        if (server.discovery() != null) {
            throw new IllegalArgumentException(server.target() + " (expected: an address)");
        }
        boolean there =
                upstream.endpoints().stream().anyMatch(one -> one.address().equals(server.target()));
        if (there) {
            throw new IllegalArgumentException(server.target() + " is a member already");
        }
        if (!removed.remove(server.target()) || !known(server.target())) {
            UpstreamEndpoint made = upstream.endpoint(EndpointAddress.parse(server.target()), server, server);
            made.startSlowly(System.nanoTime());
            added.add(made);
        }
        publish();
    }

    private boolean known(String address) {
        return found.values().stream()
                .flatMap(List::stream)
                .anyMatch(one -> one.address().equals(address));
    }

    /** Removes a member until the server ends, whoever says that it is there; its requests are answered to their end. */
    synchronized void remove(String address) {
        UpstreamEndpoint left = endpoint(address);
        if (!added.remove(left)) {
            removed.add(address);
        }
        publish();
    }

    /**
     * Returns a member.
     *
     * @throws IllegalArgumentException when there is none with this address
     */
    UpstreamEndpoint endpoint(String address) {
        return upstream.endpoints().stream()
                .filter(one -> one.address().equals(address))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(address + " (expected: one of " + upstream.endpoints() + ")"));
    }

    /** A discovery has found the members that stand for one of the servers. */
    synchronized void discovered(ServerSpec server, List<Member> members) {
        List<UpstreamEndpoint> before = found.getOrDefault(server, List.of());
        List<UpstreamEndpoint> after = new ArrayList<>();
        for (Member member : members.subList(0, Math.min(MOST, members.size()))) {
            UpstreamEndpoint same = before.stream()
                    .filter(one -> one.address().equals(member.address())
                            && one.weight() == member.weight()
                            && one.backup() == server.member(member).backup()
                            && one.zone().equals(server.member(member).zone())
                            && one.modifier1() == server.member(member).modifier1()
                            && one.modifier2() == server.member(member).modifier2())
                    .findFirst()
                    .orElse(null);
            if (same != null) {
                after.add(same);
            } else {
                add(server, member, after);
            }
        }
        found.put(server, List.copyOf(after));
        if (started) {
            publish();
        }
        // Whoever reads the line may rely on it.
        LOG.log(
                Level.INFO,
                "upstream={0} {1}:{2} has {3} members",
                upstream.name(),
                server.discovery(),
                server.target(),
                String.valueOf(after.size()));
    }

    private void add(ServerSpec server, Member member, List<UpstreamEndpoint> to) {
        try {
            EndpointAddress address = EndpointAddress.parse(member.address());
            UpstreamEndpoint made = upstream.endpoint(address, server.member(member), server);
            if (started) {
                made.startSlowly(System.nanoTime());
            }
            to.add(made);
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "upstream={0}: a member is left out: {1}", upstream.name(), e.getMessage());
        }
    }

    /** Ends the watches. */
    @Override
    public void close() {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "upstream=" + upstream.name() + ": a discovery cannot be closed: " + e, e);
            }
        }
    }
}
