package io.juwsgi.router;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.router.chain.ExtensionStats;
import io.juwsgi.router.exchange.Dispatcher;
import io.juwsgi.router.exchange.ErrorPages;
import io.juwsgi.router.exchange.ExchangeLog;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.LoopContext;
import io.juwsgi.router.exchange.Modifiers;
import io.juwsgi.router.exchange.TrafficCounters;
import io.juwsgi.router.front.PluggedFront;
import io.juwsgi.router.http1.Http1Connection;
import io.juwsgi.router.http2.MultiplexConnection;
import io.juwsgi.router.listener.Binder;
import io.juwsgi.router.listener.ConnectionCaps;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.listener.ListenAddress;
import io.juwsgi.router.listener.RefusedConnection;
import io.juwsgi.router.listener.Transport;
import io.juwsgi.router.proxy.ProxyAccept;
import io.juwsgi.router.proxy.ProxyTrust;
import io.juwsgi.router.tls.RedirectHandler;
import io.juwsgi.router.tls.TlsOptions;
import io.juwsgi.router.upstream.UpstreamOptions;
import io.juwsgi.router.uwsgi.UwsgiConnection;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.front.ProtocolFront;
import io.juwsgi.spi.tls.TlsProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listeners: bound from options and from sockets that were passed on, each with what its next connections share. Bound on
 * the main thread; anything else may be called from any thread.
 */
final class Listeners {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());
    private static final long BLOCKED_LOOP_SECONDS = 2;

    /** A listener, and what its next connections share; without counters when it serves no clients. */
    private record Listening(
            BoundListener listener,
            Binder.Bound socket,
            @Nullable TrafficCounters counters,
            @Nullable AtomicReference<Front> front) {

        void adopt(Function<String, Limits> limits, ExchangeLog log, ErrorPages pages) {
            if (front != null) {
                front.updateAndGet(old -> old.with(limits.apply(old.listener()), log, pages));
            }
        }
    }

    /** Makes the handler that an accepted channel begins with. */
    @FunctionalInterface
    interface Protocol {
        ChannelHandler connection(Channel channel, Front front, LoopContext loop);
    }

    private final Settings settings;
    private final Transport transport;
    private final MultiThreadIoEventLoopGroup group;
    private final List<LoopContext> loops;
    private final Dispatcher chains;
    private final ExchangeLog log;
    private final ProxyTrust trust;
    private final ConnectionCaps caps;
    private final ErrorPages pages;
    private final List<Listening> listening = new CopyOnWriteArrayList<>();
    private volatile Limits limits;
    private volatile Limits socketLimits;
    private @Nullable TlsProvider tls;
    private @Nullable Handler metrics;
    private final Map<String, PluggedFront> fronts = new ConcurrentSkipListMap<>();

    /**
     * Makes what can bind listeners.
     *
     * @param loops the event loops of {@code group}; complete before the first is bound
     * @param chains what requests go to
     * @throws ConfigException when a setting is out of bounds
     */
    Listeners(
            Settings settings,
            Transport transport,
            MultiThreadIoEventLoopGroup group,
            List<LoopContext> loops,
            Dispatcher chains,
            ExchangeLog log) {
        this.settings = settings;
        this.transport = transport;
        this.group = group;
        this.loops = loops;
        this.chains = chains;
        this.log = log;
        this.pages = ErrorPageOptions.read(settings);
        this.trust = ProxyTrust.of(settings);
        this.caps = ConnectionCaps.of(settings, trust::trusts);
        this.limits = FrontSettings.limits(settings);
        this.socketLimits = FrontSettings.socketLimits(settings, limits);
    }

    /** Sets what encrypts connections; before {@link #bind}. */
    void tls(TlsProvider provider) {
        tls = provider;
    }

    /** Adds a protocol that listeners may speak; before {@link #bind}. */
    void front(String id, ProtocolFront front) {
        fronts.put(id, new PluggedFront(id, front));
    }

    /** Returns how the fronts of plugins behave. */
    List<ExtensionStats> frontStats() {
        return fronts.values().stream().map(PluggedFront::stats).toList();
    }

    /** Sets what answers on the addresses of {@code metrics}; before {@link #bind}. */
    void metrics(Handler handler) {
        metrics = handler;
    }

    /** Takes over limits, pages and the form of the access log for new connections; all of them or, with a {@link ConfigException}, none. */
    void adopt(Settings now, ExchangeLog nextLog) {
        Limits next = FrontSettings.limits(now);
        Limits nextSocket = FrontSettings.socketLimits(now, next);
        ErrorPages nextPages = ErrorPageOptions.read(now);
        limits = next;
        socketLimits = nextSocket;
        listening.forEach(one -> one.adopt(this::limits, nextLog, nextPages));
    }

    /** Returns the limits of the listeners that an option asks for. */
    private Limits limits(String option) {
        return option.endsWith("socket") ? socketLimits : limits;
    }

    /** Binds and begins to accept, see {@link Router#bind(InheritedSockets)}. */
    List<BoundListener> bind(InheritedSockets inherited) {
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
            new PluggedListeners(
                            settings,
                            fronts,
                            (option, name, text, first) ->
                                    listen(binder, option, name, text, chains, Modifiers.NONE, first))
                    .bind();
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
            stop(false);
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
                        trust,
                        ErrorPages.PLAIN);
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
            Front front =
                    new Front(option, limits(option), dispatcher, log, counters, hostName(), modifiers, trust, pages);
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
    RouterStats stats() {
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

    /** Returns the sockets, for another process. */
    List<Binder.Bound> sockets() {
        return listening.stream().map(Listening::socket).toList();
    }

    /** Stops accepting; from any thread. A file of a socket is left when {@code keepFiles}, and removed as vacuum says. */
    void stop(boolean keepFiles) {
        for (Listening one : listening) {
            Channel channel = one.socket().channel();
            if (channel.isOpen()) {
                // Bounded: the master waits here, and a plugin may keep the event loop for good.
                var _ = channel.close().awaitUninterruptibly(BLOCKED_LOOP_SECONDS, TimeUnit.SECONDS);
                if (!keepFiles) {
                    vacuum(one);
                }
            }
        }
    }

    private void vacuum(Listening one) {
        if (settings.get(RouterOptions.VACUUM)) {
            try {
                one.socket().removeFile();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "vacuum {0}: {1}", one.listener().address(), e.getMessage());
            }
        }
    }
}
