package io.juwsgi.cli;

import io.juwsgi.cli.control.ControlCommands;
import io.juwsgi.cli.control.ControlServer;
import io.juwsgi.cli.control.ControlSockets;
import io.juwsgi.cli.control.ControlledServer;
import io.juwsgi.cli.log.ExitWatch;
import io.juwsgi.cli.log.LogOptions;
import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.cli.stats.StatsJson;
import io.juwsgi.cli.stats.StatsServer;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.master.BootResult;
import io.juwsgi.master.Master;
import io.juwsgi.master.MasterOptions;
import io.juwsgi.master.RuntimeDirectory;
import io.juwsgi.master.StopMode;
import io.juwsgi.router.BoundListener;
import io.juwsgi.router.Router;
import io.juwsgi.router.listener.InheritedSockets;
import io.juwsgi.router.worker.WorkerPool;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The assembly of all parts, in the order in which they start: the zygote first, because it takes longest, the router
 * beside it. Used on the main thread, which waits for the end.
 */
final class Server {
    private final Settings settings;
    private final PluginRegistry plugins;
    private final LogSink log;
    private final Supplier<Settings> reading;
    /** Set by the first question for the zygote's command, which the main thread asks. */
    private volatile boolean applicationNamed;

    private final CompletableFuture<Running> running = new CompletableFuture<>();

    /**
     * A server that accepts connections.
     *
     * @param listeners where
     * @param stop stops it as Ctrl-C does
     */
    record Running(List<BoundListener> listeners, Runnable stop) {}

    /**
     * Makes a server, which does nothing yet.
     *
     * @param reading reads the settings as they are now; called at each reload, on any thread
     */
    Server(Settings settings, Supplier<Settings> reading, PluginRegistry plugins, LogSink log) {
        this.settings = settings;
        this.reading = reading;
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
        try (ActiveExtensions active =
                ActiveExtensions.start(plugins.extensions(), plugins.handlerLanguages(), settings)) {
            return run(active);
        }
    }

    private int run(ActiveExtensions active) {
        RuntimeDirectory directory = RuntimeDirectory.create(settings, log);
        SystemdNotifier systemd = new SystemdNotifier(System.getenv());
        CompletableFuture<Router> routerReady = new CompletableFuture<>();
        CompletableFuture<Companions> companionsReady = new CompletableFuture<>();
        Master master = new Master(
                settings,
                log,
                directory,
                () -> zygote(directory.runtime()),
                () -> stopping(routerReady, systemd, companionsReady));
        master.tellReloads(systemd);
        master.start();
        try (systemd;
                Companions companions = Companions.start(settings, log, () -> master.stop(StopMode.QUICK));
                Router router = new Router(settings, log)) {
            companionsReady.complete(companions);
            router.chain(active.plan());
            master.whenReloading(companions::reload);
            master.whenReloading(() -> Thread.ofVirtual().name("juwsgi-reload").start(() -> reload(active, router)));
            active.tls().ifPresent(router::tls);
            ExitGuard.install(master, router, log);
            routerReady.complete(router);
            return serve(master, router, systemd, active, directory);
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

    /** Takes over the settings of extensions as they are now; when they are wrong the old ones stay. */
    private void reload(ActiveExtensions active, Router router) {
        try {
            active.reload(reading, router::chain);
        } catch (ConfigException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> log.line("plugins keep their settings: " + line));
        }
    }

    private int serve(
            Master master,
            Router router,
            SystemdNotifier systemd,
            ActiveExtensions active,
            RuntimeDirectory directory) {
        WorkerPool pool = router.workerPool(master.workers());
        if (applicationNamed) {
            handle(router, pool);
        }
        // First: whoever has seen an address may send a signal, and the JVM's own answer to SIGHUP is to exit.
        master.handleSignals();
        List<BoundListener> listeners = router.bind(inherited());
        listeners.forEach(listener -> log.line(
                "juwsgi " + listener.protocol() + " bound on " + listener.url() + " (" + listener.address() + ")"));
        Optional<StatsServer> stats = settings.get(CliOptions.STATS)
                .map(address -> StatsServer.start(
                        address,
                        () -> StatsJson.of(
                                Version.TEXT,
                                master.status(),
                                pool.stats().join(),
                                listeners,
                                router.extensionStats())));
        stats.ifPresent(server -> log.line("juwsgi stats bound on " + server.address()));
        systemd.watchdog(() -> pool.stats().thenCompose(turned -> master.heartbeat()));
        var _ = master.booted().thenAccept(boot -> booted(boot, master, router, pool, systemd));
        ControlledServer controlled = new ControlledServer(Version.TEXT, master, pool, listeners, active::controllable);
        try (ControlServer _ = ControlSockets.start(
                directory.ctlSocket(), settings.get(CliOptions.CTL_SOCKET), false, new ControlCommands(controlled))) {
            log.line("juwsgi ctl bound on "
                    + settings.get(CliOptions.CTL_SOCKET)
                            .orElse(directory.ctlSocket().toString()));
            running.complete(new Running(listeners, () -> master.stop(StopMode.QUICK)));
            int exitCode = master.exit().toCompletableFuture().join();
            stats.ifPresent(StatsServer::close);
            return ExitWatch.seen() ? 1 : exitCode;
        }
    }

    private static InheritedSockets inherited() {
        InheritedSockets inherited = new InheritedSockets();
        inherited.addSystemd(System.getenv(), ProcessHandle.current().pid());
        return inherited;
    }

    private void booted(BootResult boot, Master master, Router router, WorkerPool pool, SystemdNotifier systemd) {
        if (!(boot instanceof BootResult.Failed)) {
            Background.ready();
        }
        switch (boot) {
            case BootResult.Loaded loaded -> systemd.ready("juwsgi is ready");
            case BootResult.NothingToLoad nothing -> {
                log.line("no application was named or found in the working directory: every request is answered with "
                        + "a page that says how to load one");
                master.workers().listen(new FirstWorker(() -> handle(router, pool)));
                systemd.ready("juwsgi is ready, no application");
            }
            case BootResult.Failed failed -> {
                // The master has said why, and ends by itself.
            }
        }
    }

    private void handle(Router router, WorkerPool pool) {
        plugins.languages().keySet().forEach(modifier -> router.handler(modifier, pool));
    }

    private Optional<ZygoteCommand> zygote(WorkerRuntime runtime) {
        if (applicationNamed && settings.get(LogOptions.LOG_REOPEN)) {
            log.reopen();
        }
        for (ApplicationLanguage language : plugins.languages().values()) {
            Optional<ZygoteCommand> command = language.zygote(settings, runtime);
            if (command.isPresent()) {
                applicationNamed = true;
                return command;
            }
        }
        return Optional.empty();
    }

    /** Called by the master when it begins to stop. */
    private CompletionStage<?> stopping(
            CompletableFuture<Router> router, SystemdNotifier systemd, CompletableFuture<Companions> companions) {
        systemd.stopping();
        Duration mercy = Duration.ofSeconds(settings.get(MasterOptions.WORKER_RELOAD_MERCY));
        CompletionStage<?> drained =
                router.isDone() ? router.join().drain(mercy) : CompletableFuture.completedFuture(null);
        // The last requests may still need what runs beside the server.
        return companions.isDone()
                ? drained.thenCompose(done -> companions.join().stop())
                : drained;
    }
}
