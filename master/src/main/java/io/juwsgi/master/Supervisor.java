package io.juwsgi.master;

import io.juwsgi.master.Worker.State;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.processes.Signals;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Takes every message to whom it concerns, then lets things settle. What follows from a message stands in
 * {@link Generation}, {@link Generations} and {@link Shutdown}.
 *
 * <p>Mutable; owned by the master's thread, except {@link #status}.
 */
final class Supervisor {
    private static final String SERVED_ITS_SHARE = "served as many requests as it may";

    private final PlaneContext context;
    private final Generations generations;
    private final Shutdown shutdown;
    private Chores chores;
    private final Commands commands;
    private final EarlyArrivals early;
    private final Path directory;
    private final long pid = ProcessHandle.current().pid();
    private final Instant started = Instant.now();
    private volatile MasterStatus status = new MasterStatus(pid, started, 0, List.of());

    /**
     * Makes a supervisor.
     *
     * @param directory where link sockets must be
     * @param upgrade asks for another process to take this one's place
     * @param subscriptions stops announcing this server to others, or begins again
     */
    Supervisor(
            PlaneContext context,
            Generations generations,
            Shutdown shutdown,
            Path directory,
            Runnable upgrade,
            Runnable subscriptions) {
        this.context = context;
        this.generations = generations;
        this.shutdown = shutdown;
        this.chores = Chores.of(generations);
        this.commands = new Commands(context, generations, upgrade, subscriptions);
        this.early = new EarlyArrivals(context.timings());
        this.directory = directory;
    }

    /** Takes one message. */
    void handle(MasterEvent event, long now) {
        switch (event) {
            case MasterEvent.FromProcess frame -> fromProcess(frame, now);
            case MasterEvent.ZygoteEnded end -> zygoteEnded(end, now);
            case MasterEvent.OutputEnded end -> end.zygote().outputEnded();
            case MasterEvent.Vanished end ->
                known(end.worker(), (g, worker) -> g.ended(worker, ExitStatus.UNKNOWN, now));
            case MasterEvent.Drained report ->
                known(report.worker(), (g, worker) -> g.crew().drained(worker, now));
            case MasterEvent.Worn report ->
                known(report.worker(), (g, worker) -> g.crew().wear(worker, SERVED_ITS_SHARE, now));
            case MasterEvent.Failed report ->
                known(report.worker(), (g, worker) -> g.crew().failed(worker, report.reason(), now));
            case MasterEvent.Listen listen -> context.group().add(listen.listener());
            case MasterEvent.Begin begin -> generations.begin(begin.blueprint(), now);
            case MasterEvent.Planned planned -> generations.planned(planned, now);
            case MasterEvent.Reload reload -> reload(reload.scope(), now);
            case MasterEvent.Stop stop -> shutdown.asked(stop.mode(), now);
            case MasterEvent.Abort abort -> shutdown.abort(abort.exitCode(), now);
            case MasterEvent.HookDone done -> shutdown.hookDone();
            case MasterEvent.ChangeWorkers change -> changeWorkers(change.delta());
            case MasterEvent.Command command -> commands.obey(command.letter());
            case MasterEvent.Heartbeat beat -> beat.turned().run();
            case MasterEvent.Statistics wanted -> writeStatistics();
        }
    }

    private void changeWorkers(int delta) {
        Staff staff = generations.context().staff();
        int changed = staff.change(delta);
        context.log().line(staff.wanted() + " worker(s) wanted" + (changed == 0 ? " as before" : " now"));
    }

    private void reload(ReloadScope scope, long now) {
        if (shutdown.isRunning()) {
            generations.reload(scope, now);
        } else {
            context.log().line("no reload: the server stops");
        }
    }

    /** Acts on deadlines that have passed, then on everything that messages have changed. */
    void settle(long now) {
        early.expire(now);
        generations.expire(now);
        if (shutdown.isRunning()) {
            chores.settle(now);
        } else {
            chores.stop();
        }
        if (shutdown.startsProcesses()) {
            generations.settle(now);
            context.group().state(generations.state());
        }
        if (!chores.isFor(generations.context())) {
            chores = Chores.of(generations);
        }
        shutdown.settle(now);
        generations.removeEnded();
        status = new MasterStatus(pid, started, generations.number(), workerStatus());
    }

    long nanosToDeadline(long now) {
        long next = Math.min(generations.nanosToDeadline(now), shutdown.nanosToDeadline(now));
        next = Math.min(next, chores.nanosToDeadline(now));
        return Math.min(next, early.nanosToDeadline(now));
    }

    // Frames.

    private void fromProcess(MasterEvent.FromProcess frame, long now) {
        switch (frame) {
            case MasterEvent.ZygoteConnected hello -> zygoteConnected(hello);
            case MasterEvent.Booted booted -> ofZygote(frame, g -> g.booted(booted.applications(), now));
            case MasterEvent.BootFailed failed -> ofZygote(frame, g -> g.fail(failed.exitCode(), failed.reason(), now));
            case MasterEvent.Spawned spawned -> ofZygote(frame, g -> spawned(g, spawned, now));
            case MasterEvent.NotForked refused ->
                ofZygote(frame, g -> g.notForked(refused.worker(), refused.errno(), now));
            case MasterEvent.Exited exited -> ofZygote(frame, g -> exited(g, exited, now));
            case MasterEvent.FromWorker first -> firstOfWorker(first, now);
            case MasterEvent.Changed changed -> changed(changed, now);
            case MasterEvent.Leaving leaving -> leaving(leaving);
            case MasterEvent.ConnectionEnded end -> connectionEnded(end.from(), now);
        }
    }

    private void zygoteConnected(MasterEvent.ZygoteConnected hello) {
        Generation generation = generations.find(g -> g.zygote().isProcess(hello.pid()));
        if (generation == null) {
            refuse(hello, "from process " + hello.pid() + ", which is no zygote");
        } else {
            generation.zygote().connected(hello.from(), hello.pid());
        }
    }

    private void ofZygote(MasterEvent.FromProcess frame, Consumer<Generation> action) {
        Generation generation = generations.find(g -> g.zygote().isConnectedBy(frame.from()));
        if (generation == null) {
            refuse(frame, "from a process that is no zygote");
        } else {
            action.accept(generation);
        }
    }

    private void spawned(Generation generation, MasterEvent.Spawned spawned, long now) {
        generation.zygote().listenTo(spawned);
        generation.spawned(spawned.worker(), spawned.pid(), now);
        MasterEvent.FromWorker first = early.take(spawned.pid());
        if (first != null) {
            firstOfWorker(first, now);
        }
    }

    private static void exited(Generation generation, MasterEvent.Exited exited, long now) {
        Worker worker = generation.crew().find(w -> w.pid() == exited.pid());
        if (worker != null) {
            generation.ended(worker, exited.status(), now);
        }
    }

    private void firstOfWorker(MasterEvent.FromWorker frame, long now) {
        Generation generation = generations.find(g -> g.crew().find(w -> w.pid() == frame.pid()) != null);
        Worker worker = generation == null ? null : generation.crew().find(w -> w.pid() == frame.pid());
        if (generation == null || worker == null) {
            unknownWorker(frame, now);
        } else if (worker.is(State.KILLED)) {
            frame.from().close();
        } else if (!worker.is(State.SPAWNING) || worker.id() != frame.worker()) {
            refuse(frame, "from " + worker);
        } else {
            switch (frame) {
                case MasterEvent.WorkerFailed failed -> generation.loadFailed(failed, now);
                case MasterEvent.Ready ready
                when ready.linkSocket().startsWith(directory) -> generation.ready(worker, ready, now);
                case MasterEvent.Ready ready ->
                    refuse(frame, "link socket " + ready.linkSocket() + " outside " + directory);
            }
        }
    }

    /** Its end, or its beginning, travels over the zygote's connection and may come sooner or later. */
    private void unknownWorker(MasterEvent.FromWorker frame, long now) {
        Generation buried = generations.find(g -> g.hasBuriedEarly(frame.pid()));
        if (buried == null) {
            early.keep(frame, now);
        } else if (frame instanceof MasterEvent.WorkerFailed failed) {
            buried.loadFailed(failed, now);
        } else {
            frame.from().close();
        }
    }

    private void connectionEnded(ControlConnection from, long now) {
        early.connectionEnded(from);
        generations.forEach(generation -> {
            generation.zygote().connectionEnded(from, context.timings(), now);
            Worker worker = generation.crew().find(w -> w.isConnectedBy(from));
            if (worker != null) {
                generation.crew().connectionLost(worker, now);
            }
        });
    }

    /** A worker of an older generation tells what is old news. */
    private void changed(MasterEvent.Changed changed, long now) {
        if (generations.serves(worker -> worker.isConnectedBy(changed.from()))) {
            context.log().line("[uwsgi-python-reloader] " + changed.file() + " has been modified");
            reload(ReloadScope.ALL, now);
        }
    }

    /** Whoever sends a worker a signal wants another in its place, and nobody to lose a request. */
    private void leaving(MasterEvent.Leaving leaving) {
        Generation generation = generations.find(g -> g.crew().find(w -> w.isConnectedBy(leaving.from())) != null);
        if (generation != null && shutdown.isRunning()) {
            generation.crew().forEach(worker -> {
                if (worker.isConnectedBy(leaving.from())) {
                    generation.crew().replace(worker, "was asked to end by " + Signals.name(leaving.signal()));
                }
            });
        }
    }

    private void refuse(MasterEvent.FromProcess frame, String why) {
        context.log()
                .line("control connection closed: unexpected "
                        + frame.getClass().getSimpleName() + " " + why);
        frame.from().close();
    }

    // Processes and reports.

    private void zygoteEnded(MasterEvent.ZygoteEnded end, long now) {
        Generation generation = generations.find(g -> g.zygote() == end.zygote());
        if (generation != null) {
            generation.zygote().exited(end.status(), context.timings(), now);
        }
    }

    /** Reports may come after the end of the worker, and an end may be told twice. */
    private void known(Worker worker, BiConsumer<Generation, Worker> action) {
        Generation generation = worker.is(State.GONE) ? null : generations.find(g -> g.number() == worker.generation());
        if (generation != null) {
            action.accept(generation, worker);
        }
    }

    // What others may know.

    private List<MasterStatus.WorkerStatus> workerStatus() {
        List<Worker> workers = new ArrayList<>();
        generations.forEach(generation -> generation.crew().forEach(workers::add));
        return workers.stream()
                .map(Worker::status)
                .sorted(Comparator.comparingInt(MasterStatus.WorkerStatus::id)
                        .thenComparing(MasterStatus.WorkerStatus::lastSpawn))
                .toList();
    }

    /** Returns the state of everything, with the memory of each process. Any thread may call it; it reads files. */
    MasterStatus status() {
        MasterStatus snapshot = status;
        return new MasterStatus(
                snapshot.pid(),
                snapshot.started(),
                snapshot.generation(),
                snapshot.workers().stream().map(Supervisor::withMemory).toList());
    }

    private static MasterStatus.WorkerStatus withMemory(MasterStatus.WorkerStatus worker) {
        ProcessMemory memory = ProcessMemory.of(worker.pid());
        return new MasterStatus.WorkerStatus(
                worker.id(),
                worker.pid(),
                worker.generation(),
                worker.state(),
                worker.respawnCount(),
                worker.lastSpawn(),
                memory.rss(),
                memory.vsz());
    }

    private void writeStatistics() {
        MasterStatus now = status();
        context.log()
                .line("*** statistics: pid=" + now.pid() + " generation=" + now.generation() + " state="
                        + generations.state() + " workers=" + now.workers().size() + " ***");
        for (MasterStatus.WorkerStatus worker : now.workers()) {
            context.log()
                    .line("worker " + worker.id() + ": pid=" + worker.pid() + " generation=" + worker.generation()
                            + " state=" + worker.state() + " respawn_count=" + worker.respawnCount() + " last_spawn="
                            + worker.lastSpawn() + " rss=" + worker.rss() + " vsz=" + worker.vsz());
        }
    }
}
