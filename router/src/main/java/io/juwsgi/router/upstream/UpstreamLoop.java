package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.Balancer;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What an upstream has on one event loop, which owns it: the balancer and the connections. */
final class UpstreamLoop {
    /** How often deadlines are looked at, in milliseconds; they are this much late at most. */
    private static final long TICK = 100;

    private final Upstream upstream;
    private final EventLoop eventLoop;
    private final Balancer balancer;
    private final Map<UpstreamEndpoint, Deque<UpstreamConnection>> idle = new HashMap<>();
    private final Set<UpstreamConnection> open = new HashSet<>();
    private @Nullable Future<?> ticker;

    UpstreamLoop(Upstream upstream, EventLoop eventLoop, Balancer balancer) {
        this.upstream = upstream;
        this.eventLoop = eventLoop;
        this.balancer = balancer;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Balancer balancer() {
        return balancer;
    }

    /** The upstream has other members: connections to those that have left are closed when their requests are over. */
    void membersChanged() {
        if (ticker == null) {
            ticker = eventLoop.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
        }
        List<UpstreamEndpoint> members = upstream.endpoints();
        balancer.endpoints(List.copyOf(members));
        idle.entrySet().removeIf(entry -> {
            boolean left = !members.contains(entry.getKey());
            if (left) {
                List.copyOf(entry.getValue()).forEach(UpstreamConnection::close);
            }
            return left;
        });
    }

    /** Returns an idle connection, the one that was used last, or null. */
    @Nullable
    UpstreamConnection idle(UpstreamEndpoint endpoint) {
        Deque<UpstreamConnection> waiting = idle.get(endpoint);
        return waiting == null ? null : waiting.pollLast();
    }

    /** Returns a connection that is not connected yet. */
    UpstreamConnection connection(UpstreamEndpoint endpoint) {
        return new UpstreamConnection(this, endpoint, upstream.settings());
    }

    /** A connection is there. */
    void opened(UpstreamConnection connection) {
        open.add(connection);
    }

    /** A connection has no request any more and may have another: keeps it, or closes it when there are enough. */
    void release(UpstreamConnection connection) {
        UpstreamEndpoint endpoint = connection.endpoint();
        Deque<UpstreamConnection> waiting = idle.computeIfAbsent(endpoint, e -> new ArrayDeque<>());
        if (waiting.size() >= upstream.settings().keepalive()
                || !upstream.endpoints().contains(endpoint)) {
            connection.close();
        } else {
            waiting.addLast(connection);
        }
    }

    /** A connection is gone. */
    void closed(UpstreamConnection connection) {
        open.remove(connection);
        Deque<UpstreamConnection> waiting = idle.get(connection.endpoint());
        if (waiting != null) {
            waiting.remove(connection);
        }
    }

    private void tick() {
        if (!open.isEmpty()) {
            long now = System.nanoTime();
            new ArrayList<>(open).forEach(connection -> connection.tick(now));
        }
    }
}
