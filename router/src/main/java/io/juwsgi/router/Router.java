package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.calls.CallServer;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.chain.Chains;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.router.chain.Watchdog;
import io.juwsgi.router.exchange.ClientConnection;
import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Modifiers;
import io.juwsgi.router.exchange.TrafficCounters;
import io.juwsgi.router.http1.Http1Connection;
import io.juwsgi.router.http2.MultiplexConnection;
import io.juwsgi.router.listener.Binder;
import io.juwsgi.router.listener.ConnectionCaps;
import io.juwsgi.router.listener.HandedSocket;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.listener.ListenAddress;
import io.juwsgi.router.listener.RefusedConnection;
import io.juwsgi.router.listener.SocketHandover;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.router.proxy.ProxyAccept;
import io.juwsgi.router.proxy.ProxyTrust;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.tls.RedirectHandler;
import io.juwsgi.router.tls.TlsOptions;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.router.upstream.UpstreamOptions;
import io.juwsgi.router.upstream.UpstreamParts;
import io.juwsgi.router.upstream.UpstreamStats;
import io.juwsgi.router.upstream.Upstreams;
import io.juwsgi.router.uwsgi.UwsgiConnection;
import io.juwsgi.router.worker.PoolSettings;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.tls.TlsClientContext;
import io.juwsgi.spi.tls.TlsDestination;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.WorkerGroup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The data plane: listeners, client connections and the handlers that answer. Set up on the main thread; statistics, drain
 * and close may be called from any thread.
 */
public final class Router implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Router.class.getName());
    private static final long BLOCKED_LOOP_SECONDS = 2;

    /** A listener, and what its next connections share; without counters when it serves no clients. */
    private record Listening(
            BoundListener listener,
            Binder.Bound socket,
            @Nullable TrafficCounters counters,
            @Nullable AtomicReference<Front> front) {

        void adopt(Function<String, Limits> limits, ExchangeLog log) {
            if (front != null) {
                front.updateAndGet(old -> old.with(limits.apply(old.listener()), log));
            }
        }
    }

    /** How long a connection may stay idle that another process would accept anew. */
    private static final Duration HANDOVER_PATIENCE = Duration.ofSeconds(3);

    /** Makes the handler that an accepted channel begins with. */
    @FunctionalInterface
    interface Protocol {
        ChannelHandler connection(Channel channel, Front front, LoopContext loop);
    }

    private final Settings settings;
    private final LogSink lines;
    private volatile Limits limits;
    private volatile Limits socketLimits;
    private final ProxyTrust trust;
    private final ConnectionCaps caps;
    private final Buffering buffering;
    private final ExchangeLog log;
    private final Handlers handlers = new Handlers();
    private final Chains chains = new Chains(handlers);
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup group;
    private final List<LoopContext> loops = new ArrayList<>();
    private final List<WorkerPool> pools = new CopyOnWriteArrayList<>();
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private final Drain drain;
    private @Nullable Watchdog watchdog;
    private @Nullable TlsProvider tls;
    private @Nullable Handler metrics;
    private @Nullable Upstreams upstreams;
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
        this.limits = FrontSettings.limits(settings);
        this.socketLimits = FrontSettings.socketLimits(settings, limits);
        this.trust = ProxyTrust.of(settings);
        this.caps = ConnectionCaps.of(settings, trust::trusts);
        this.buffering = Buffering.of(settings);
        this.log = AccessLogOptions.log(settings, log.requests());
        this.group = new MultiThreadIoEventLoopGroup(
                FrontSettings.eventLoops(settings), new LoopThreads(), transport.handlers());
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
        Limits nextLimits = FrontSettings.limits(now);
        PoolSettings poolSettings = FrontSettings.pool(now, buffering);
        ExchangeLog nextLog = AccessLogOptions.log(now, lines.requests());
        Limits nextSocketLimits = FrontSettings.socketLimits(now, nextLimits);
        limits = nextLimits;
        socketLimits = nextSocketLimits;
        pools.forEach(pool -> pool.settings(poolSettings));
        listening.forEach(one -> one.adopt(this::limits, nextLog));
    }

    /** Returns the limits of the listeners that an option asks for. */
    private Limits limits(String option) {
        return option.endsWith("socket") ? socketLimits : limits;
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
        if (!config.isEmpty()) {
            upstreams = Upstreams.of(
                    config,
                    parts,
                    this::tlsTo,
                    loops.stream().map(LoopContext::eventLoop).toList());
            handlers.upstreams(upstreams);
        }
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
    }

    /** Sets what answers on the addresses of {@code metrics}; before {@link #bind}. */
    public void metrics(Handler handler) {
        metrics = handler;
    }

    /** Returns the numbers of all upstreams. */
    public synchronized List<UpstreamStats> upstreamStats() {
        return upstreams == null ? List.of() : upstreams.stats();
    }

    /** Returns the router's own components of a type beside their own, such as {@code Controllable}. */
    public synchronized <T> List<T> offering(Class<T> type) {
        return upstreams == null
                ? List.of()
                : upstreams.components().stream()
                        .filter(type::isInstance)
                        .map(type::cast)
                        .toList();
    }

    /** Returns how the extensions of the current chain behave, in no order. */
    public List<ExtensionStats> extensionStats() {
        return chains.stats();
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
        Binder binder = new Binder(
                inherited,
                transport,
                group,
                settings.get(RouterOptions.LISTEN),
                FrontSettings.socketMode(settings),
                FrontSettings.socketOwner(settings));
        try {
            Modifiers http = FrontSettings.httpModifiers(settings);
            Modifiers httpSocket = FrontSettings.httpSocketModifiers(settings);
            bindAll(binder, RouterOptions.HTTP, "http", http, http());
            bindAll(binder, RouterOptions.HTTP_SOCKET, "http", httpSocket, http());
            if (FrontSettings.socketsSpeakHttp(settings)) {
                bindAll(binder, RouterOptions.SOCKET, "http", httpSocket, http());
            } else {
                bindAll(binder, RouterOptions.SOCKET, "uwsgi", Modifiers.NONE, UwsgiConnection::new);
            }
            bindAll(binder, RouterOptions.UWSGI_SOCKET, "uwsgi", Modifiers.NONE, UwsgiConnection::new);
            bindAll(binder, UpstreamOptions.FASTROUTER, "uwsgi", Modifiers.NONE, UwsgiConnection::new);
            new TlsListeners(
                            settings,
                            tls,
                            (option, name, text, first) -> listen(binder, option, name, text, chains, http, first))
                    .bind();
            for (String text : settings.get(TlsOptions.HTTP_TO_HTTPS)) {
                RedirectHandler.Redirect redirect = RedirectHandler.parse(text);
                listen(
                        binder,
                        TlsOptions.HTTP_TO_HTTPS.name(),
                        "http",
                        redirect.address(),
                        request -> redirect.handler(),
                        Modifiers.NONE,
                        Http1Connection::new);
            }
            bindMetrics(binder);
            inherited.rest().forEach(socket -> listenUnasked(binder, socket));
            inherited.closeRest();
        } catch (ConfigException e) {
            stopAccepting();
            throw e;
        }
        return listening.stream().map(Listening::listener).toList();
    }

    private Protocol http() {
        return FrontSettings.http2(settings)
                ? (channel, front, loop) -> new Http1Connection(channel, front, loop, MultiplexConnection::new)
                : Http1Connection::new;
    }

    private void bindAll(
            Binder binder, Option<List<String>> option, String name, Modifiers modifiers, Protocol protocol) {
        for (String text : settings.get(option)) {
            listen(binder, option.name(), name, text, chains, modifiers, protocol);
        }
    }

    /** For operators: not logged, not counted, and let in when clients are too many. */
    private void bindMetrics(Binder binder) {
        Handler handler = metrics;
        if (handler == null) {
            return;
        }
        String option = RouterOptions.METRICS.name();
        for (String text : settings.get(RouterOptions.METRICS)) {
            for (ListenAddress address : binder.inherited().each(ListenAddress.parse(option, text))) {
                Front front = new Front(
                        option,
                        limits,
                        request -> handler,
                        (exchange, loop) -> {},
                        new TrafficCounters(),
                        hostName(),
                        Modifiers.NONE,
                        trust);
                Binder.Bound bound = binder.bind(option, address, new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Http1Connection(channel, front, context(channel.eventLoop())));
                    }
                });
                listening.add(new Listening(metricsListener(bound), bound, null, null));
            }
        }
    }

    private static BoundListener metricsListener(Binder.Bound bound) {
        BoundListener http = describe(RouterOptions.METRICS.name(), "http", bound.address(), bound.port());
        return new BoundListener(
                http.name(), http.name(), http.url() + MetricsHandler.PATH, http.address(), http.port());
    }

    private void listen(
            Binder binder,
            String option,
            String name,
            String text,
            Dispatcher dispatcher,
            Modifiers modifiers,
            Protocol protocol) {
        for (ListenAddress address : binder.inherited().each(ListenAddress.parse(option, text))) {
            TrafficCounters counters = new TrafficCounters();
            Front front = new Front(option, limits(option), dispatcher, log, counters, hostName(), modifiers, trust);
            AtomicReference<Front> current = new AtomicReference<>(front);
            Binder.Bound bound = binder.bind(option, address, initializer(current::get, name, protocol));
            listening.add(
                    new Listening(describe(option, name, bound.address(), bound.port()), bound, counters, current));
        }
    }

    /** A socket that no option asks for speaks what its name says; uWSGI serves its own protocol on such ones. */
    private void listenUnasked(Binder binder, InheritedSockets.Inherited socket) {
        String text = ListenAddress.FD + socket.origin().number();
        switch (socket.name()) {
            case "http", "http-socket" ->
                listen(
                        binder,
                        socket.name(),
                        "http",
                        text,
                        chains,
                        socket.name().equals("http")
                                ? FrontSettings.httpModifiers(settings)
                                : FrontSettings.httpSocketModifiers(settings),
                        http());
            default ->
                listen(
                        binder,
                        RouterOptions.SOCKET.name(),
                        "uwsgi",
                        text,
                        chains,
                        Modifiers.NONE,
                        UwsgiConnection::new);
        }
    }

    private ChannelInitializer<Channel> initializer(Supplier<Front> front, String name, Protocol protocol) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (!caps.enter(channel)) {
                    boolean readsText = name.equals("http") || name.equals("uwsgi");
                    channel.pipeline().addLast(new RefusedConnection(readsText));
                    return;
                }
                LoopContext loop = context(channel.eventLoop());
                channel.pipeline().addLast(first(channel, front.get(), loop, protocol));
            }
        };
    }

    private ChannelHandler first(Channel channel, Front front, LoopContext loop, Protocol protocol) {
        return trust.wantsHeader(channel)
                ? new ProxyAccept(
                        () -> protocol.connection(channel, front, loop),
                        front.limits().timeoutMillis())
                : protocol.connection(channel, front, loop);
    }

    @SuppressWarnings("ReferenceEquality") // The same event loop is the same object.
    private LoopContext context(EventLoop eventLoop) {
        for (LoopContext loop : loops) {
            if (loop.eventLoop() == eventLoop) {
                return loop;
            }
        }
        throw new IllegalStateException("event loop: " + eventLoop + " (expected: one of the router's)");
    }

    private static BoundListener describe(String option, String protocol, ListenAddress address, int port) {
        if (!(address instanceof ListenAddress.Tcp tcp)) {
            return new BoundListener(option, protocol, "unix:" + address, address.toString(), -1);
        }
        String host = tcp.host().isEmpty() || tcp.host().equals("0.0.0.0") ? "127.0.0.1" : tcp.host();
        String url = protocol + "://" + new ListenAddress.Tcp(host.equals("::") ? "::1" : host, port);
        return new BoundListener(option, protocol, url, new ListenAddress.Tcp(tcp.host(), port).toString(), port);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Returns what was done since the start. */
    public RouterStats stats() {
        List<RouterStats.ListenerStats> each = new ArrayList<>();
        long[] sum = new long[6];
        for (Listening one : listening) {
            TrafficCounters c = one.counters();
            if (c != null) {
                RouterStats.ListenerStats stats = stats(one.listener(), c);
                each.add(stats);
                long[] counts = {
                    stats.connections(), stats.accepted(), stats.requests(),
                    stats.failures(), stats.bytesIn(), stats.bytesOut()
                };
                Arrays.setAll(sum, i -> sum[i] + counts[i]);
            }
        }
        return new RouterStats(sum[0], caps.refused(), sum[1], sum[2], sum[3], sum[4], sum[5], List.copyOf(each));
    }

    private static RouterStats.ListenerStats stats(BoundListener listener, TrafficCounters c) {
        return new RouterStats.ListenerStats(
                listener,
                c.open(),
                c.accepted(),
                c.requests(),
                c.failures(),
                c.bytesIn(),
                c.bytesOut(),
                c.statuses(),
                c.durations());
    }

    /**
     * Stops accepting, closes idle connections, lets requests finish.
     *
     * @param mercy how long they may take
     * @return done when no connection is left, or {@code mercy} has passed
     */
    public CompletionStage<Void> drain(Duration mercy) {
        stopAccepting();
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
                listening.stream().map(one -> one.socket().descriptor()).toList());
    }

    /** Returns what the other process must know of the sockets, in the order in which they are offered. */
    public List<HandedSocket> handedSockets() {
        return listening.stream().map(one -> one.socket().origin()).toList();
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

    private void stopAccepting() {
        for (Listening one : listening) {
            Channel channel = one.socket().channel();
            if (channel.isOpen()) {
                // Bounded: the master waits here, and a plugin may keep the event loop for good.
                var _ = channel.close().awaitUninterruptibly(BLOCKED_LOOP_SECONDS, TimeUnit.SECONDS);
                vacuum(one);
            }
        }
    }

    private void vacuum(Listening one) {
        if (settings.get(RouterOptions.VACUUM) && !handedOver) {
            try {
                one.socket().removeFile();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "vacuum {0}: {1}", one.listener().address(), e.getMessage());
            }
        }
    }

    /** Cuts every connection and stops the event loops. */
    @Override
    public void close() {
        stopAccepting();
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
