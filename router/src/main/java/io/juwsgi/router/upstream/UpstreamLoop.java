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

    /** How often endpoints are compared, in nanoseconds. */
    private static final long LOOK = 1_000_000_000L;

    private final Upstream upstream;
    private final EventLoop eventLoop;
    private final Balancer balancer;
    private final Map<UpstreamEndpoint, Deque<UpstreamConnection>> idle = new HashMap<>();
    private final Map<UpstreamEndpoint, List<Http2Line>> lines = new HashMap<>();
    private final Set<UpstreamConnection> open = new HashSet<>();
    private final CallQueue queue;
    /** Those that the balancer knows. */
    private List<UpstreamEndpoint> members = List.of();

    private @Nullable Future<?> ticker;
    private boolean closed;
    /** Whether it looks after the endpoints for all event loops. */
    private final boolean first;

    private long lookAt = System.nanoTime() + LOOK;

    UpstreamLoop(Upstream upstream, EventLoop eventLoop, Balancer balancer, boolean first) {
        this.first = first;
        this.upstream = upstream;
        this.eventLoop = eventLoop;
        this.balancer = balancer;
        this.queue = new CallQueue(
                upstream.settings().queue(), upstream.settings().queueTime().toNanos());
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    Balancer balancer() {
        return balancer;
    }

    /** Returns the members as they are now; the balancer knows them too, also before this loop was told. */
    @SuppressWarnings("ReferenceEquality") // A list that has changed is another one.
    List<UpstreamEndpoint> members() {
        if (members != upstream.endpoints()) {
            membersChanged();
        }
        return members;
    }

    /** The upstream is gone: deadlines are looked at as long as requests are under way. */
    void close() {
        closed = true;
    }

    /** The upstream has other members: connections to those that have left are closed when their requests are over. */
    void membersChanged() {
        if (ticker == null) {
            ticker = eventLoop.scheduleAtFixedRate(this::tick, TICK, TICK, TimeUnit.MILLISECONDS);
        }
        members = upstream.endpoints();
        balancer.endpoints(List.copyOf(members));
        List.copyOf(lines.values())
                .forEach(all -> List.copyOf(all).forEach(line -> {
                    if (!members.contains(line.endpoint())) {
                        line.retire();
                    }
                }));
        idle.entrySet().removeIf(entry -> {
            boolean left = !members.contains(entry.getKey());
            if (left) {
                List.copyOf(entry.getValue()).forEach(UpstreamConnection::close);
            }
            return left;
        });
    }

    /**
     * Returns what is to carry one call.
     *
     * @param fresh whether the connection must be a new one
     */
    CallLink link(UpstreamEndpoint endpoint, boolean fresh) {
        if (endpoint.protocol() == Protocol.HTTP2) {
            return line(endpoint, fresh).stream();
        }
        UpstreamConnection kept = fresh ? null : idle(endpoint);
        return kept != null ? kept : new UpstreamConnection(this, endpoint, upstream.settings());
    }

    /** Returns a connection with room for one more stream. */
    private Http2Line line(UpstreamEndpoint endpoint, boolean fresh) {
        List<Http2Line> open = lines.computeIfAbsent(endpoint, e -> new ArrayList<>(1));
        if (!fresh && upstream.settings().proxyProtocol() == ProxyProtocol.OFF) {
            for (Http2Line line : open) {
                if (line.hasRoom()) {
                    return line;
                }
            }
        }
        Http2Line made = new Http2Line(this, endpoint, upstream.settings());
        open.add(made);
        return made;
    }

    /** A connection of streams is gone. */
    void closed(Http2Line line) {
        List<Http2Line> left = lines.get(line.endpoint());
        if (left != null && left.remove(line) && left.isEmpty()) {
            lines.remove(line.endpoint());
        }
    }

    /** Returns an idle connection, the one that was used last, or null. */
    private @Nullable UpstreamConnection idle(UpstreamEndpoint endpoint) {
        Deque<UpstreamConnection> waiting = idle.get(endpoint);
        return waiting == null ? null : waiting.pollLast();
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
                || upstream.settings().proxyProtocol() != ProxyProtocol.OFF
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

    /** Returns the calls that wait for an endpoint. */
    CallQueue queue() {
        return queue;
    }

    private void tick() {
        if (closed && open.isEmpty() && lines.isEmpty() && queue.size() == 0 && ticker != null) {
            ticker.cancel(false);
            return;
        }
        long nanoTime = System.nanoTime();
        if (first && nanoTime - lookAt >= 0) {
            lookAt = nanoTime + LOOK;
            upstream.lookAround(nanoTime);
        }
        queue.expire(nanoTime);
        // An endpoint may have become free on another event loop, or well again.
        queue.serve();
        if (!open.isEmpty()) {
            long now = System.nanoTime();
            new ArrayList<>(open).forEach(connection -> connection.tick(now));
        }
        if (!lines.isEmpty()) {
            long now = System.nanoTime();
            List.copyOf(lines.values()).forEach(all -> List.copyOf(all).forEach(line -> line.tick(now)));
        }
    }
}
