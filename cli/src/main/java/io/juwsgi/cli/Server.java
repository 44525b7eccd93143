package io.juwsgi.cli;

import io.juwsgi.cli.control.ControlCommands;
import io.juwsgi.cli.control.ControlServer;
import io.juwsgi.cli.control.ControlSockets;
import io.juwsgi.cli.control.ControlledServer;
import io.juwsgi.cli.log.ExitWatch;
import io.juwsgi.cli.metrics.Metrics;
import io.juwsgi.cli.metrics.ServerMetrics;
import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.cli.plugin.UpstreamExtensions;
import io.juwsgi.cli.stats.StatsJson;
import io.juwsgi.cli.upgrade.Handovers;
import io.juwsgi.cli.upgrade.Predecessor;
import io.juwsgi.cli.upgrade.Upgrade;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.master.BootResult;
import io.juwsgi.master.Loading;
import io.juwsgi.master.Master;
import io.juwsgi.master.MasterOptions;
import io.juwsgi.master.RuntimeDirectory;
import io.juwsgi.master.StopMode;
import io.juwsgi.router.BoundListener;
import io.juwsgi.router.MetricsHandler;
import io.juwsgi.router.Router;
import io.juwsgi.router.calls.CallServer;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.upstream.UpstreamConfig;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.StatsSource;
import io.juwsgi.spi.balance.UpstreamUser;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.WorkerFunctions;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The assembly of all parts, in the order in which they start: the zygote first, because it takes longest, the router
 * beside it. Used on the main thread, which waits for the end.
 */
final class Server {
    /** What is configured, as it was last read. */
    private volatile Settings settings;

    private final PluginRegistry plugins;
    private final LogSink log;
    private final Supplier<Settings> reading;
    private final List<String> restart;
    /** Set by the first question for the zygote's command, which the main thread asks. */
    private volatile boolean applicationNamed;
    /** Whether there are upstreams: then an application is served only when one is named. Set before anything starts. */
    private volatile boolean passesOn;

    private final CompletableFuture<Adoption> adoption = new CompletableFuture<>();
    private final CompletableFuture<Running> running = new CompletableFuture<>();

    /**
     * A server that accepts connections.
     *
     * @param listeners where
     * @param stop stops it as Ctrl-C does
     */
    record Running(List<BoundListener> listeners, Runnable stop) {}

    /** What is made before anything is bound. */
    private record Parts(
            Master master,
            Router router,
            SystemdNotifier systemd,
            ActiveExtensions active,
            UpstreamExtensions named,
            RuntimeDirectory directory,
            ServerFunctions functions,
            CallServer calls,
            Handovers handovers) {}

    /**
     * Makes a server, which does nothing yet.
     *
     * @param reading reads the settings as they are now; called at each reload, on any thread
     * @param restart the program and its arguments, for another server like this one
     */
    Server(Settings settings, Supplier<Settings> reading, List<String> restart, PluginRegistry plugins, LogSink log) {
        this.settings = settings;
        this.reading = reading;
        this.restart = List.copyOf(restart);
        this.plugins = plugins;
        this.log = log;
    }

    /** Completes when the listeners accept. */
    CompletionStage<Running> running() {
        return running.minimalCompletionStage();
    }

    /**
     * Serves until it is stopped.
     *
     * @return the exit code
     * @throws ConfigException when it cannot start
     */
    int run() {
        StartLines.print(settings, log);
        UpstreamConfig upstreams = UpstreamConfig.of(settings);
        try (UpstreamExtensions named = UpstreamExtensions.start(plugins.extensions(), settings, upstreams.named());
                ActiveExtensions active =
                        ActiveExtensions.start(plugins.extensions(), plugins.handlerLanguages(), settings)) {
            return run(active, upstreams, named);
        }
    }

    private int run(ActiveExtensions active, UpstreamConfig upstreams, UpstreamExtensions named) {
        RuntimeDirectory directory = RuntimeDirectory.create(settings, log);
        passesOn = !upstreams.isEmpty();
        SystemdNotifier systemd = new SystemdNotifier(System.getenv());
        Handovers handovers = new Handovers(active, named);
        CompletableFuture<Router> routerReady = new CompletableFuture<>();
        CompletableFuture<Companions> companionsReady = new CompletableFuture<>();
        Master master = new Master(
                settings,
                log,
                directory,
                anew -> load(anew, directory.runtime().withDiscovery(!passesOn)),
                () -> stopping(handovers, routerReady, systemd, companionsReady));
        master.tellReloads(systemd);
        ServerFunctions functions = new ServerFunctions(master);
        Optional<Predecessor> predecessor = Predecessor.find(System.getenv());
        predecessor.ifPresentOrElse(p -> master.startAsSuccessor(), master::start);
        try (systemd;
                Companions companions = Companions.start(settings, log, () -> master.stop(StopMode.QUICK));
                Router router = new Router(settings, log);
                CallServer calls = router.callServer(directory.runtime().callsSocket())) {
            companionsReady.complete(companions);
            active.tls().ifPresent(router::tls);
            active.fronts().forEach(router::front);
            router.upstreams(upstreams, named.parts());
            router.chosenUpstreams(chosen(active));
            router.chain(active.plan());
            offer(active, functions, calls);
            master.whenReloading(companions::reload);
            adoption.complete(new Adoption(plugins, router, active, settings, plan -> {
                router.chosenUpstreams(chosen(active));
                router.chain(plan);
                offer(active, functions, calls);
            }));
            ExitGuard.install(master, router, log);
            routerReady.complete(router);
            return serve(
                    new Parts(master, router, systemd, active, named, directory, functions, calls, handovers),
                    predecessor);
        } catch (ConfigException e) {
            master.stop(StopMode.NOW);
            int exitCode = master.exit().toCompletableFuture().join();
            if (exitCode != 0) {
                // The application could not be loaded, as the log says, and what was needed here has gone with the
                // master.
                return exitCode;
            }
            throw e;
        }
    }

    /** Says what there is to load; with a reload this process takes over what concerns itself, too. */
    private Loading load(boolean anew, WorkerRuntime runtime) {
        Settings before = settings;
        Settings now = anew ? reading.get() : before;
        return new Loading(now, zygote(now, runtime), () -> {
            settings = now;
            var _ = adoption.thenAcceptAsync(
                    known -> known.adopt(before, now),
                    task -> Thread.ofVirtual().name("juwsgi-reload").start(task));
        });
    }

    /** Returns what has a list of its own in the stats. */
    private static List<StatsSource> listed(Parts parts, Router router) {
        List<StatsSource> all = new ArrayList<>(List.of(new LockStats(parts.calls()), new BufferStats(router)));
        all.addAll(parts.active().offering(StatsSource.class));
        return all;
    }

    private static Set<String> chosen(ActiveExtensions active) {
        return active.offering(UpstreamUser.class).stream()
                .flatMap(user -> user.upstreams().stream())
                .collect(Collectors.toSet());
    }

    /** Lets applications call the functions of the server, and of the components that there are now. */
    private static void offer(ActiveExtensions active, ServerFunctions own, CallServer calls) {
        List<WorkerFunctions> all = new ArrayList<>(List.of(own));
        all.addAll(active.offering(WorkerFunctions.class));
        calls.functions(all);
    }

    private int serve(Parts parts, Optional<Predecessor> predecessor) {
        Master master = parts.master();
        Router router = parts.router();
        WorkerPool pool = router.workerPool(master.workers());
        parts.functions().pool(pool);
        if (applicationNamed) {
            handle(router, pool);
        }
        Metrics metrics = ServerMetrics.of(Version.TEXT, master, router, pool, parts.active(), parts.named());
        router.metrics(new MetricsHandler(metrics::page));
        // First: whoever has seen an address may send a signal, and the JVM's own answer to SIGHUP is to exit.
        master.handleSignals();
        InheritedSockets inherited = predecessor.map(p -> p.sockets(router)).orElseGet(Server::inherited);
        if (predecessor.isPresent() && !loadedBeside(predecessor.get(), master)) {
            return master.exit().toCompletableFuture().join();
        }
        List<BoundListener> listeners = router.bind(inherited);
        listeners.forEach(listener -> log.line(
                "juwsgi " + listener.protocol() + " bound on " + listener.url() + " (" + listener.address() + ")"));
        Supplier<byte[]> statistics = () -> StatsJson.of(
                Version.TEXT,
                master.status(),
                pool.stats().join(),
                listeners,
                router.extensionStats(),
                router.upstreamStats(),
                listed(parts, router));
        ControlledServer controlled =
                new ControlledServer(Version.TEXT, master, pool, listeners, metrics, () -> controllables(parts));
        try (SideDoors doors = new SideDoors(settings, log, master, statistics);
                ControlServer _ = ControlSockets.start(
                        parts.directory().ctlSocket(),
                        settings.get(CliOptions.CTL_SOCKET),
                        predecessor.isPresent(),
                        new ControlCommands(controlled))) {
            log.line("juwsgi ctl bound on "
                    + settings.get(CliOptions.CTL_SOCKET)
                            .orElse(parts.directory().ctlSocket().toString()));
            doors.openStats();
            master.onUpgrade(upgrade(parts, doors)::begin);
            master.onSubscriptions(new Announcements(parts.active(), log)::toggle);
            predecessor.ifPresent(p -> takeOver(p, parts));
            tellSystemd(parts, pool, predecessor.isPresent());
            running.complete(new Running(listeners, () -> master.stop(StopMode.QUICK)));
            int exitCode = master.exit().toCompletableFuture().join();
            return ExitWatch.seen() ? 1 : exitCode;
        }
    }

    private static List<Controllable> controllables(Parts parts) {
        return Stream.of(
                        parts.active().offering(Controllable.class),
                        parts.router().offering(Controllable.class))
                .flatMap(List::stream)
                .toList();
    }

    /** Returns whether the application is loaded, and the server before has let go of what only one can have. */
    private static boolean loadedBeside(Predecessor predecessor, Master master) {
        if (master.booted().toCompletableFuture().join() instanceof BootResult.Failed) {
            return false;
        }
        predecessor.loaded();
        return true;
    }

    private static void takeOver(Predecessor predecessor, Parts parts) {
        parts.master().claim();
        predecessor.handOver(parts.handovers());
        predecessor.serving();
        predecessor.close();
    }

    private Upgrade upgrade(Parts parts, SideDoors doors) {
        return new Upgrade(new Upgrade.Parts(
                restart,
                parts.directory().runtime().directory(),
                parts.router(),
                doors,
                Duration.ofSeconds(settings.get(CliOptions.UPGRADE_TIMEOUT)),
                log,
                parts.systemd(),
                parts.handovers(),
                pid -> {
                    parts.systemd().replacedBy(pid);
                    parts.master().stop(StopMode.GRACEFUL);
                }));
    }

    /** A successor says nothing of its start: the server before does. */
    private void tellSystemd(Parts parts, WorkerPool pool, boolean successor) {
        Master master = parts.master();
        parts.systemd().watchdog(() -> pool.stats().thenCompose(turned -> master.heartbeat()));
        var _ = master.booted().thenAccept(boot -> booted(boot, parts, pool, successor));
    }

    private static InheritedSockets inherited() {
        InheritedSockets inherited = new InheritedSockets();
        inherited.addSystemd(System.getenv(), ProcessHandle.current().pid());
        return inherited;
    }

    private void booted(BootResult boot, Parts parts, WorkerPool pool, boolean successor) {
        if (!(boot instanceof BootResult.Failed)) {
            Background.ready();
        }
        String status = "juwsgi is ready";
        switch (boot) {
            case BootResult.Loaded loaded -> {
                // Nothing more to do.
            }
            case BootResult.NothingToLoad nothing -> {
                log.line(
                        passesOn
                                ? "no application was named: requests are passed on to upstreams alone"
                                : "no application was named or found in the working directory: every request is answered with "
                                        + "a page that says how to load one");
                parts.master().workers().listen(new FirstWorker(() -> handle(parts.router(), pool)));
                status = passesOn ? status : "juwsgi is ready, no application";
            }
            case BootResult.Failed failed -> {
                // The master has said why, and ends by itself.
                return;
            }
        }
        if (!successor) {
            parts.systemd().ready(status);
        }
    }

    private void handle(Router router, WorkerPool pool) {
        plugins.languages().keySet().forEach(modifier -> router.handler(modifier, pool));
    }

    private Optional<ZygoteCommand> zygote(Settings now, WorkerRuntime runtime) {
        for (ApplicationLanguage language : plugins.languages().values()) {
            Optional<ZygoteCommand> command = language.zygote(now, runtime);
            if (command.isPresent()) {
                applicationNamed = true;
                return command;
            }
        }
        return Optional.empty();
    }

    /** Called by the master when it begins to stop. */
    private CompletionStage<?> stopping(
            Handovers handovers,
            CompletableFuture<Router> router,
            SystemdNotifier systemd,
            CompletableFuture<Companions> companions) {
        systemd.stopping();
        Duration mercy = Duration.ofSeconds(settings.get(MasterOptions.WORKER_RELOAD_MERCY));
        // Those who send requests here are told before they would be refused.
        CompletionStage<?> drained = router.isDone()
                ? handovers.leaving().thenCompose(done -> router.join().drain(mercy))
                : CompletableFuture.completedFuture(null);
        // The last requests may still need what runs beside the server.
        return companions.isDone()
                ? drained.thenCompose(done -> companions.join().stop())
                : drained;
    }
}
