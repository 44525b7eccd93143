package io.juwsgi.master;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.processes.BugReport;
import io.juwsgi.processes.ProcessName;
import io.juwsgi.spi.LogSink;
import io.juwsgi.spi.worker.WorkerGroup;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor of the application processes: one thread, {@code juwsgi-master}, that takes messages off one queue. All
 * methods may be called from any thread and only post messages, except {@link #start}.
 */
public final class Master {
    private final LinkedBlockingQueue<MasterEvent> queue = new LinkedBlockingQueue<>();
    private final CompletableFuture<BootResult> boot = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final ProcessPlan plan;
    private final LogSink log;
    private final RuntimeDirectory directory;
    private final Blueprint.Source source;
    private final PublishedWorkers group;
    private final Generations generations;
    private final ReloadNews news = new ReloadNews();
    private final Shutdown shutdown;
    private final Supervisor supervisor;
    private @Nullable ControlSocket control;
    private final Claims claims;
    private @Nullable Runnable upgradeHook;
    private boolean upgradeAsked;
    private @Nullable Runnable subscriptionsHook;

    /**
     * Makes a master, which does nothing yet.
     *
     * @param settings all settings
     * @param log takes its lines and those of the application
     * @param directory the server's private directory, which the master removes when it has stopped
     * @param source says what is to be loaded: asked by {@link #start}, then on a thread of its own for each reload
     * @param stopHook called on the master's thread when the server begins to stop, returns at once, and completes when
     *     no request needs a worker any more; the master does not wait for it longer than the mercy
     * @throws ConfigException when a setting is out of its range
     */
    public Master(
            Settings settings,
            LogSink log,
            RuntimeDirectory directory,
            Loading.Source source,
            Supplier<? extends CompletionStage<?>> stopHook) {
        this(
                ProcessPlan.of(settings),
                Timings.DEFAULT,
                log,
                directory,
                anew -> Blueprint.of(source.load(anew)),
                stopHook);
        EnvironmentOptions.masterName(settings).ifPresent(ProcessName::set);
    }

    Master(
            ProcessPlan plan,
            Timings timings,
            LogSink log,
            RuntimeDirectory directory,
            Blueprint.Source source,
            Supplier<? extends CompletionStage<?>> stopHook) {
        this.plan = plan;
        this.log = log;
        this.directory = directory;
        this.source = source;
        this.group = new PublishedWorkers(log, queue::add);
        this.claims = new Claims(plan.control(), log, queue::add);
        PlaneContext context = new PlaneContext(
                plan, timings, log, queue::add, group, new Staff(plan), new SpawnCounts(plan.processes()));
        this.generations = new Generations(context, source, boot, news);
        this.shutdown = new Shutdown(context, generations, stopHook);
        this.supervisor = new Supervisor(
                context,
                generations,
                shutdown,
                directory.runtime().directory(),
                this::upgrade,
                this::toggleSubscriptions);
    }

    /**
     * Starts the loop and, on its thread, the zygote. Called once, on the main thread; returns before anything is loaded.
     *
     * @throws ConfigException when the command, the control socket or the pidfile cannot be made; the message is one
     *     line for the user
     */
    public void start() {
        start(claims::take);
    }

    /** Starts as {@link #start} does, beside the server that it is to replace: without what {@link #claim} takes. */
    public void startAsSuccessor() {
        start(() -> {});
    }

    private void start(Runnable claim) {
        try {
            control = ControlSocket.open(directory.runtime().controlSocket(), log, queue::add);
            queue.add(new MasterEvent.Begin(source.load(false)));
            claim.run();
        } catch (IOException e) {
            throw refused(new ConfigException("control socket: " + e.getMessage()));
        } catch (RuntimeException e) {
            throw refused(e);
        }
        log.line("spawned uWSGI master process (pid: " + ProcessHandle.current().pid() + ")");
        Thread.ofPlatform().name("juwsgi-master").start(this::run);
    }

    /**
     * Takes the pidfiles and the pipes of {@code master-fifo} from the server before.
     *
     * @throws ConfigException when one cannot be made; the message is one line for the user
     */
    public void claim() {
        claims.take();
    }

    /** Lets the pipes of {@code master-fifo} go, for a server that takes over; {@link #claim} brings them back. */
    public void release() {
        claims.yieldPipes();
    }

    private RuntimeException refused(RuntimeException e) {
        cleanUp();
        return e;
    }

    /** Makes the signals of this process the master's. */
    public void handleSignals() {
        MasterSignals.install(this, plan.control().dieOnTerm(), log);
    }

    /**
     * Sets how another process takes this one's place.
     *
     * @param hook called when somebody asks for an upgrade, on any thread; it returns at once
     */
    public synchronized void onUpgrade(Runnable hook) {
        upgradeHook = hook;
        if (upgradeAsked) {
            hook.run();
        }
    }

    /**
     * Sets what stops announcing this server to others, or begins again.
     *
     * @param hook called on the master's thread; it returns at once
     */
    public synchronized void onSubscriptions(Runnable hook) {
        subscriptionsHook = hook;
    }

    private synchronized void toggleSubscriptions() {
        if (subscriptionsHook == null) {
            log.line("master-fifo: S: this server subscribes nowhere");
        } else {
            subscriptionsHook.run();
        }
    }

    /** Asks for another process to take this one's place, as soon as this one serves. */
    public synchronized void upgrade() {
        upgradeAsked = true;
        if (upgradeHook != null) {
            upgradeHook.run();
        }
    }

    /** Returns the workers, for the router. */
    public WorkerGroup workers() {
        return group;
    }

    /** Completes when the first worker is ready, or none ever will be. Dependents must not block. */
    public CompletionStage<BootResult> booted() {
        return boot.minimalCompletionStage();
    }

    /** Completes with the exit code when everything has ended and is cleaned up. */
    public CompletionStage<Integer> exit() {
        return exit.minimalCompletionStage();
    }

    /** Stops the server. Asked again, it may shorten the mercy, never lengthen it; QUICK twice is NOW. */
    public void stop(StopMode mode) {
        queue.add(new MasterEvent.Stop(mode));
    }

    /** Tells {@code listener} of every reload from now on. */
    public void tellReloads(ReloadListener listener) {
        news.listener(listener);
    }

    /** Completes when the loop has come round: a sign of life. */
    public CompletionStage<?> heartbeat() {
        CompletableFuture<?> beat = new CompletableFuture<>();
        queue.add(new MasterEvent.Heartbeat(() -> beat.complete(null)));
        return beat;
    }

    /** Loads the application anew and replaces all workers, without losing a request. */
    public void reload() {
        queue.add(new MasterEvent.Reload(ReloadScope.ALL));
    }

    /** Replaces workers as the scope says. */
    public void reload(ReloadScope scope) {
        queue.add(new MasterEvent.Reload(scope));
    }

    /**
     * Calls {@code listener} on the master's thread whenever a reload has found what is to be loaded; it must not block.
     */
    public void whenReloading(Runnable listener) {
        generations.whenReplacing(listener);
    }

    /** Wants so many workers more, or fewer. */
    public void changeWorkers(int delta) {
        queue.add(new MasterEvent.ChangeWorkers(delta));
    }

    /** Lets requests wait, until this is asked for again. */
    public void pause() {
        queue.add(new MasterEvent.Command('p'));
    }

    /** Writes a line about each worker into the log. */
    public void logStatistics() {
        queue.add(new MasterEvent.Statistics());
    }

    /** Returns the state of the processes; it reads a file a worker. */
    public MasterStatus status() {
        return supervisor.status();
    }

    private void run() {
        while (!shutdown.isDone()) {
            try {
                MasterEvent event = queue.poll(supervisor.nanosToDeadline(System.nanoTime()), TimeUnit.NANOSECONDS);
                long now = System.nanoTime();
                if (event != null) {
                    supervisor.handle(event, now);
                }
                supervisor.settle(now);
            } catch (InterruptedException e) {
                // Nobody has a reason to interrupt this thread; the only way to end it is a stop.
                log.line("master: interrupted, stopping");
                stop(StopMode.NOW);
            } catch (RuntimeException e) {
                BugReport.write("master", e, log);
            }
        }
        cleanUp();
        log.line("goodbye to juwsgi.");
        exit.complete(shutdown.exitCode());
    }

    private void cleanUp() {
        remove("control socket", control == null ? () -> {} : control::close);
        remove("runtime directory", directory::remove);
        claims.remove();
    }

    private interface Removal {
        void run() throws IOException;
    }

    private void remove(String what, Removal removal) {
        try {
            removal.run();
        } catch (IOException e) {
            log.line(what + ": cannot be removed: " + e);
        }
    }
}
