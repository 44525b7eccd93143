package io.juwsgi.router.calls;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.listener.Binder;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.listener.ListenAddress;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.spi.worker.WorkerFunction;
import io.juwsgi.spi.worker.WorkerFunctions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers what application processes call: accepts their connections on a private Unix socket and knows the functions by name.
 * Its connections belong to one event loop; the public methods may be called from any thread.
 */
public final class CallServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CallServer.class.getName());

    /** Each thread of an application that calls holds one connection. */
    static final int MAX_CONNECTIONS = 8192;

    private static final int BACKLOG = 1024;
    private static final long CLOSE_SECONDS = 2;

    private final UserLocks locks;
    private final EventLoop loop;
    private volatile Map<String, WorkerFunction> functions = Map.of();
    private Binder.@Nullable Bound bound;
    /** Owned by the event loop. */
    private final Set<CallConnection> connections = new HashSet<>();

    private boolean full;

    private CallServer(EventLoop loop, int locks) {
        this.loop = loop;
        this.locks = new UserLocks(locks);
    }

    /**
     * Begins to answer.
     *
     * @param loop carries all connections
     * @param socket the file of the socket, which only this user may connect to
     * @param locks the highest number of a lock that applications may take, from 0
     * @throws ConfigException when the socket cannot be made
     */
    public static CallServer open(EventLoop loop, Transport transport, Path socket, int locks) {
        CallServer server = new CallServer(loop, locks);
        Set<PosixFilePermission> ownerOnly = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        Binder binder = new Binder(new InheritedSockets(), transport, loop, BACKLOG, ownerOnly, null);
        server.bound =
                binder.bind("calls", new ListenAddress.Unix(socket.toString()), new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        server.accept(channel);
                    }
                });
        return server;
    }

    /**
     * Sets what can be called from now on; calls that are being answered go on. Of two functions with one name the first
     * counts.
     */
    public void functions(List<WorkerFunctions> offered) {
        Map<String, WorkerFunction> all = new HashMap<>();
        for (WorkerFunctions component : offered) {
            component.workerFunctions().forEach((name, function) -> {
                if (all.putIfAbsent(name, function) != null) {
                    LOG.log(Level.WARNING, "function=" + name + " is offered twice; the first one is called");
                }
            });
        }
        functions = Map.copyOf(all);
    }

    private void accept(Channel channel) {
        if (connections.size() >= MAX_CONNECTIONS) {
            if (!full) {
                full = true;
                LOG.log(Level.WARNING, "calls: more than " + MAX_CONNECTIONS + " connections; further ones are closed");
            }
            var _ = channel.close();
            return;
        }
        // A caller that has closed its end wants no answer: its locks are free at once.
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        CallConnection connection = new CallConnection(this);
        connections.add(connection);
        channel.pipeline().addLast(connection);
    }

    void ended(CallConnection connection) {
        connections.remove(connection);
        full = false;
        locks.forget(connection);
    }

    /** Returns a component's function, or null. */
    @Nullable
    WorkerFunction function(String name) {
        return functions.get(name);
    }

    UserLocks locks() {
        return locks;
    }

    /** Returns who holds which lock at some moment soon: process ids by number, 0 for a free one. */
    public List<Long> lockHolders() {
        return locks.holders();
    }

    /** Ends every connection: whoever waits for an answer gets an error. */
    @Override
    public void close() {
        Binder.Bound listening = bound;
        if (listening == null || loop.isShutdown()) {
            return;
        }
        var _ = listening.channel().close().awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
        try {
            listening.removeFile();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the socket for calls", e);
        }
        loop.execute(() -> new ArrayList<>(connections).forEach(CallConnection::close));
    }
}
