package io.juwsgi.cli;

import io.juwsgi.cli.stats.EmperorJson;
import io.juwsgi.cli.stats.StatsServer;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.master.RuntimeDirectory;
import io.juwsgi.processes.CommandPipe;
import io.juwsgi.processes.Orphans;
import io.juwsgi.processes.Pidfile;
import io.juwsgi.processes.ProcessLoop;
import io.juwsgi.processes.Shell;
import io.juwsgi.processes.SignalHandlers;
import io.juwsgi.processes.Signals;
import io.juwsgi.processes.Surroundings;
import io.juwsgi.processes.cron.CronJobs;
import io.juwsgi.processes.daemon.Daemons;
import io.juwsgi.processes.emperor.Emperor;
import io.juwsgi.processes.emperor.EmperorOptions;
import io.juwsgi.processes.emperor.EmperorPlan;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A process that serves nothing itself and runs other servers. Used on the main thread, which waits for the end. */
final class EmperorServer {
    private static final Set<String> PIDFILES =
            Set.of("pidfile", "pidfile2", "safe-pidfile", "safe-pidfile2", EmperorOptions.PIDFILE.name());
    private static final Set<String> LISTENERS =
            Set.of("http", "http-socket", "socket", "uwsgi-socket", "front-socket");

    private final EmperorPlan plan;
    private final Settings settings;
    private final LogSink log;

    EmperorServer(EmperorPlan plan, Settings settings, LogSink log) {
        this.plan = plan;
        this.settings = settings;
        this.log = log;
    }

    /**
     * Runs vassals until it is stopped.
     *
     * @return the exit code
     * @throws ConfigException when it cannot start
     */
    int run() {
        log.line("*** Starting juwsgi " + Version.TEXT + " Emperor ***");
        settings.all().stream()
                .filter(setting -> LISTENERS.contains(setting.option().name()))
                .findFirst()
                .ifPresent(listener -> log.line(listener.origin() + ": "
                        + listener.option().name() + ": an emperor serves nothing itself; put this into a vassal"));
        RuntimeDirectory directory = RuntimeDirectory.create(log);
        List<Pidfile> pidfiles = new ArrayList<>();
        try {
            for (Setting setting : settings.all()) {
                if (PIDFILES.contains(setting.option().name())) {
                    pidfiles.add(Pidfile.write(Path.of(setting.value())));
                }
            }
            return run(directory);
        } finally {
            cleanUp(directory, pidfiles);
        }
    }

    private int run(RuntimeDirectory directory) {
        shareForTyrant(directory);
        ProcessLoop loop = new ProcessLoop(log);
        Surroundings surroundings = Surroundings.of(settings, log, loop);
        Emperor emperor = new Emperor(
                plan,
                surroundings,
                List.of(Background.launcher()),
                directory.runtime().directory());
        List<ProcessLoop.Part> parts = new ArrayList<>(List.of(emperor));
        Daemons.of(settings, surroundings, () -> stop(loop, emperor, Signals.INT))
                .ifPresent(parts::add);
        CronJobs.of(settings, surroundings).ifPresent(parts::add);
        Orphans.duty().ifPresent(parts::add);
        handleSignals(loop, emperor);
        List<CommandPipe> pipes = pipes(loop, emperor);
        Optional<StatsServer> stats = settings.get(EmperorOptions.STATS)
                .map(address -> StatsServer.start(address, () -> EmperorJson.of(Version.TEXT, plan, emperor.status())));
        stats.ifPresent(server -> log.line("[emperor] stats bound on " + server.address()));
        try (SystemdNotifier systemd = new SystemdNotifier(System.getenv())) {
            loop.start("juwsgi-emperor", parts);
            systemd.ready("juwsgi emperor is ready");
            systemd.watchdog(() -> turned(loop));
            Background.ready();
            loop.end().toCompletableFuture().join();
        } finally {
            stats.ifPresent(StatsServer::close);
            pipes.forEach(this::remove);
        }
        log.line("goodbye to juwsgi.");
        return 0;
    }

    /** Completes when the loop has come round. */
    private static CompletionStage<?> turned(ProcessLoop loop) {
        CompletableFuture<?> turn = new CompletableFuture<>();
        loop.post(now -> turn.complete(null));
        return turn;
    }

    private void shareForTyrant(RuntimeDirectory directory) {
        if (!plan.tyrant()) {
            return;
        }
        if (!Shell.isRoot()) {
            throw new ConfigException("emperor-tyrant: only root can run vassals as others");
        }
        try {
            directory.shareWithOthers();
        } catch (IOException e) {
            throw new ConfigException("emperor-tyrant: " + e.getMessage());
        }
    }

    private void handleSignals(ProcessLoop loop, Emperor emperor) {
        SignalHandlers.handle("TERM", log, () -> stop(loop, emperor, Signals.TERM));
        SignalHandlers.handle("INT", log, () -> stop(loop, emperor, Signals.INT));
        SignalHandlers.handle("QUIT", log, () -> stop(loop, emperor, Signals.INT));
        SignalHandlers.handle("HUP", log, () -> loop.post(now -> emperor.reload()));
        SignalHandlers.handle("WINCH", log, () -> loop.post(now -> emperor.rescan()));
        SignalHandlers.handle("USR1", log, () -> loop.post(now -> emperor.logStatistics()));
    }

    private List<CommandPipe> pipes(ProcessLoop loop, Emperor emperor) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals("master-fifo"))
                .map(setting -> CommandPipe.open(Path.of(setting.value()), log, letter -> obey(letter, loop, emperor)))
                .toList();
    }

    private void obey(char letter, ProcessLoop loop, Emperor emperor) {
        switch (letter) {
            case 'E' -> loop.post(now -> emperor.rescan());
            case 'r', 'R' -> loop.post(now -> emperor.reload());
            case 's' -> loop.post(now -> emperor.logStatistics());
            case 'q' -> stop(loop, emperor, Signals.TERM);
            case 'Q' -> stop(loop, emperor, Signals.INT);
            case 'l' -> log.reopen();
            case 'L' -> log.rotate();
            default ->
                log.line("[emperor] master-fifo: command 0x" + Integer.toHexString(letter)
                        + " does nothing here (expected: one of E r R s q Q l L)");
        }
    }

    private void remove(CommandPipe pipe) {
        try {
            pipe.close();
        } catch (IOException e) {
            log.line("[emperor] master-fifo cannot be removed: " + e);
        }
    }

    private void stop(ProcessLoop loop, Emperor emperor, int signal) {
        log.line("[emperor] stopping the vassals");
        loop.post(now -> {
            emperor.stop(signal, now);
            if (signal == Signals.INT) {
                emperor.hurry(now);
            }
        });
        loop.stop();
    }

    private void cleanUp(RuntimeDirectory directory, List<Pidfile> pidfiles) {
        try {
            directory.remove();
            for (Pidfile pidfile : pidfiles) {
                pidfile.remove();
            }
        } catch (IOException e) {
            log.line("[emperor] cannot be cleaned up: " + e);
        }
    }
}
