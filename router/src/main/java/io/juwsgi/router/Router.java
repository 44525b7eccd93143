package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.calls.CallServer;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.chain.Chains;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.router.chain.Watchdog;
import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.listener.Binder;
import io.juwsgi.router.listener.HandedSocket;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.listener.SocketHandover;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.spool.Spools;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.router.upstream.UpstreamParts;
import io.juwsgi.router.upstream.UpstreamStats;
import io.juwsgi.router.upstream.Upstreams;
import io.juwsgi.router.worker.PoolSettings;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.front.ProtocolFront;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.WorkerGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: listeners, client connections and the handlers that answer. Set up on the main thread; statistics, drain
 * and close may be called from any thread.
 */
public final class Router implements AutoCloseable {
    /** How long a connection may stay idle that another process would accept anew. */
    private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(3);

    private final Settings settings;
    private final LogSink lines;
    private final Buffering buffering;
    private final Handlers handlers = new Handlers();
    private final Chains chains = new Chains(handlers);
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup group;
    private final List<LoopContext> loops = new ArrayList<>();
    private final List<WorkerPool> pools = new CopyOnWriteArrayList<>();
    private final Listeners listeners;
    private final Drain drain;
    private @Nullable Watchdog watchdog;
    private @Nullable TlsProvider tls;
    private @Nullable Upstreams upstreams;
    /** Whether some requests go to upstreams. */
    private boolean passesOn;

    private boolean closed;
    private volatile boolean handedOver;

    /**
     * Makes a router; nothing is bound yet.
     *
     * @param log takes access log lines
     * @throws ConfigException when a setting is out of bounds
     */
    public Router(Settings settings, LogSink log) {
        this(settings, log, Transport.best());
    }

    Router(Settings settings, LogSink log, Transport transport) {
        this.settings = settings;
        this.transport = transport;
        this.lines = log;
        this.buffering = Buffering.of(settings);
        ExchangeLog requests = AccessLogOptions.log(settings, log.requests());
        this.group = new MultiThreadIoEventLoopGroup(
                FrontSettings.eventLoops(settings), new LoopThreads(), transport.handlers());
        this.listeners = new Listeners(settings, transport, group, loops, chains, requests);
        group.forEach(executor -> loops.add(new LoopContext((EventLoop) executor)));
        loops.forEach(LoopContext::start);
        this.drain = new Drain(loops);
    }

    /** Binds requests with this modifier1 to a handler; HTTP requests have 0. From any thread, at any time. */
    public void handler(int modifier1, Handler handler) {
        handlers.bind(modifier1, handler);
    }

    /**
     * Makes the pool that gives requests to the workers of a group; it becomes a handler by {@link #handler}.
     *
     * @param group the live workers
     */
    public WorkerPool workerPool(WorkerGroup group) {
        WorkerPool pool = new WorkerPool(poolLoop(), FrontSettings.pool(settings, buffering), lines);
        group.listen(pool);
        pools.add(pool);
        return pool;
    }

    /**
     * Takes over limits and the form of the access log for new connections, and how requests wait for workers. From any
     * thread, after {@link #bind}.
     *
     * @throws ConfigException when a setting is out of bounds; then everything stays as it was
     */
    public void adopt(Settings now) {
        PoolSettings poolSettings = FrontSettings.pool(now, buffering);
        ExchangeLog nextLog = AccessLogOptions.log(now, lines.requests());
        listeners.adopt(now, nextLog);
        pools.forEach(pool -> pool.settings(poolSettings));
    }

    /**
     * Begins to answer what application processes call.
     *
     * @param socket the file of the socket that they connect to
     * @throws ConfigException when it cannot be made, or the number of locks is out of bounds
     */
    public CallServer callServer(Path socket) {
        return CallServer.open(poolLoop(), transport, socket, FrontSettings.locks(settings));
    }

    /** Sets what answers when nothing is bound to modifier1 0: a page that tells how to load an application, at first. */
    public void fallback(Handler handler) {
        handlers.fallback(handler);
    }

    /**
     * Makes a chain of what plugins offer, and lets all exchanges from now on enter that one; those that are in the chain
     * before it stay there to their end. From any thread, at any time.
     */
    public synchronized void chain(ChainPlan plan) {
        chains.swap(plan);
        if (watchdog == null && !closed) {
            watchdog = Watchdog.start(
                    chains,
                    loops.stream()
                            .map(loop -> (SingleThreadEventExecutor) loop.eventLoop())
                            .toList());
        }
    }

    /**
     * Makes the upstreams that requests are passed on to. Called once, before {@link #bind}.
     *
     * @param parts the extensions that the configuration names
     * @throws ConfigException when an address is wrong
     */
    public synchronized void upstreams(UpstreamConfig config, UpstreamParts parts) {
        Upstreams made = Upstreams.of(
                config,
                parts,
                this::tlsTo,
                loops.stream().map(LoopContext::eventLoop).toList());
        upstreams = made;
        if (!config.isEmpty()) {
            passOn(made);
        }
    }

    /**
     * Says which upstreams filters may choose from now on; after {@link #upstreams}, from any thread.
     *
     * @throws ConfigException when one of them cannot be there
     */
    public synchronized void chosenUpstreams(Collection<String> chosen) {
        if (upstreams != null && !chosen.isEmpty()) {
            upstreams.chosen(chosen);
            passOn(upstreams);
        }
    }

    private void passOn(Upstreams to) {
        passesOn = true;
        handlers.upstreams(to);
    }

    private TlsClientContext tlsTo(TlsDestination destination) {
        TlsProvider provider = tls;
        if (provider == null) {
            throw new ConfigException(destination.name() + ": no plugin brings TLS (expected: one)");
        }
        return provider.client(destination, settings);
    }

    /** Sets what encrypts connections; before {@link #upstreams} and {@link #bind}. */
    public void tls(TlsProvider provider) {
        tls = provider;
        listeners.tls(provider);
    }

    /** Adds a protocol that listeners may speak; before {@link #bind}. */
    public void front(String id, ProtocolFront front) {
        listeners.front(id, front);
    }

    /** Sets what answers on the addresses of {@code metrics}; before {@link #bind}. */
    public void metrics(Handler handler) {
        listeners.metrics(handler);
    }

    /** Returns the numbers of all upstreams. */
    public synchronized List<UpstreamStats> upstreamStats() {
        return upstreams == null ? List.of() : upstreams.stats();
    }

    /** Returns the router's own components of a type beside their own, such as {@code Controllable}. */
    public synchronized <T> List<T> offering(Class<T> type) {
        return upstreams == null || !passesOn
                ? List.of()
                : upstreams.components().stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList();
    }

    /** Returns how the extensions of the current chain, and protocol fronts, behave, in no order. */
    public List<ExtensionStats> extensionStats() {
        return Stream.concat(chains.stats().stream(), listeners.frontStats().stream())
                .toList();
    }

    /** Returns the id of the extension of the current chain that a stack trace belongs to. */
    public Optional<String> extensionOf(StackTraceElement[] trace) {
        return chains.extensionOf(trace);
    }

    /** Returns the event loop on which worker pools live. */
    private EventLoop poolLoop() {
        return loops.getFirst().eventLoop();
    }

    /**
     * Binds every configured listener and begins to accept.
     *
     * @return them, in the order of options and settings
     * @throws ConfigException when one cannot be bound; none is left open then
     */
    public List<BoundListener> bind() {
        return bind(new InheritedSockets());
    }

    /**
     * Accepts on the sockets that were passed to this process, and binds every other configured listener.
     *
     * @param inherited the sockets; afterwards there are none left in it
     * @return all listeners, in the order of options and settings
     * @throws ConfigException when one cannot be bound; none is left open then
     */
    public List<BoundListener> bind(InheritedSockets inherited) {
        return listeners.bind(inherited);
    }

    /** Returns what was done since the start. */
    public RouterStats stats() {
        return listeners.stats();
    }

    /** Returns how much of requests and responses waits, for slow clients and for workers. */
    public RouterStats.Held held() {
        Spools.Held held = buffering.spools().held();
        return new RouterStats.Held(held.memory(), held.disk());
    }

    /**
     * Stops accepting, closes idle connections, lets requests finish.
     *
     * @param mercy how long they may take
     * @return done when no connection is left, or {@code mercy} has passed
     */
    public CompletionStage<Void> drain(Duration mercy) {
        listeners.stop(handedOver);
        return drain.begin(mercy, handedOver ? HANDOVER_PATIENCE : Duration.ZERO);
    }

    /**
     * Offers the listening sockets to another process, which accepts on them as well from then on.
     *
     * @param path where to offer them, in a directory that is this user's alone
     * @return the offer, to be closed when they have been taken
     * @throws ConfigException when they cannot be passed on this system
     */
    public SocketHandover offerSockets(Path path) {
        if (transport != Transport.EPOLL) {
            throw new ConfigException("sockets can only be passed with Linux and Netty's native epoll library");
        }
        return SocketHandover.offer(
                group,
                path,
                listeners.sockets().stream().map(Binder.Bound::descriptor).toList());
    }

    /** Returns what the other process must know of the sockets, in the order in which they are offered. */
    public List<HandedSocket> handedSockets() {
        return listeners.sockets().stream().map(Binder.Bound::origin).toList();
    }

    /** Takes the sockets that another process offers at {@code path}. */
    public InheritedSockets takeSockets(Path path, List<HandedSocket> sockets) {
        InheritedSockets inherited = new InheritedSockets();
        List<Integer> descriptors = sockets.isEmpty() ? List.of() : SocketHandover.take(group, path, sockets.size());
        for (int i = 0; i < sockets.size(); i++) {
            inherited.addPredecessor(descriptors.get(i), sockets.get(i));
        }
        return inherited;
    }

    /** Takes note that another process serves now: its files stay, and connections get a moment for one more request. */
    public void handedOver() {
        handedOver = true;
    }

    /** Cuts every connection and stops the event loops. */
    @Override
    public void close() {
        listeners.stop(handedOver);
        stopWatching();
        if (!group.isShuttingDown()) {
            loops.forEach(loop -> loop.eventLoop()
                    .submit(() -> loop.snapshot().forEach(ClientConnection::cut))
                    .syncUninterruptibly());
        }
        var _ = group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private synchronized void stopWatching() {
        closed = true;
        if (upstreams != null) {
            upstreams.close();
        }
        if (watchdog != null) {
            watchdog.close();
        }
    }
}
