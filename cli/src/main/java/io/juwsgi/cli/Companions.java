package io.juwsgi.cli;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.processes.Orphans;
import io.juwsgi.processes.ProcessLoop;
import io.juwsgi.processes.Surroundings;
import io.juwsgi.processes.cron.CronJobs;
import io.juwsgi.processes.daemon.Daemons;
import io.juwsgi.spi.LogSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What runs beside the server: attached programs and cron jobs, on a thread of their own. Any thread may call. */
final class Companions implements AutoCloseable {
    private final ProcessLoop loop;
    private final Optional<Daemons> daemons;

    private Companions(ProcessLoop loop, Optional<Daemons> daemons) {
        this.loop = loop;
        this.daemons = daemons;
    }

    /**
     * Starts them.
     *
     * @param stopServer called when one ends without which the server must not run
     * @throws ConfigException when an option cannot be read; then nothing runs
     */
    static Companions start(Settings settings, LogSink log, Runnable stopServer) {
        ProcessLoop loop = new ProcessLoop(log);
        Surroundings surroundings = Surroundings.of(settings, log, loop);
        Optional<Daemons> daemons = Daemons.of(settings, surroundings, stopServer);
        List<ProcessLoop.Part> parts = new ArrayList<>();
        daemons.ifPresent(parts::add);
        CronJobs.of(settings, surroundings).ifPresent(parts::add);
        Orphans.duty().ifPresent(parts::add);
        loop.start("juwsgi-companions", parts);
        return new Companions(loop, daemons);
    }

    /** Tells those that want to hear of it that the server reloads. */
    void reload() {
        loop.post(now -> daemons.ifPresent(Daemons::reload));
    }

    /** Ends them; completes when none is left. */
    CompletionStage<Void> stop() {
        return loop.stop();
    }

    /** Ends them and waits for that; their mercy bounds it. */
    @Override
    public void close() {
        stop().toCompletableFuture().join();
    }
}
