package io.juwsgi.cli;

import io.juwsgi.cli.stats.StatsServer;
import io.juwsgi.cli.upgrade.Upgrade;
import io.juwsgi.config.Settings;
import io.juwsgi.master.Master;
import io.juwsgi.spi.LogSink;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What only one server can have at a time, beside its listeners: the stats address and the pipes. Any thread may use it. */
final class SideDoors implements Upgrade.Doors, AutoCloseable {
    private final Settings settings;
    private final LogSink log;
    private final Master master;
    private final Supplier<byte[]> statistics;
    private @Nullable StatsServer stats;

    SideDoors(Settings settings, LogSink log, Master master, Supplier<byte[]> statistics) {
        this.settings = settings;
        this.log = log;
        this.master = master;
        this.statistics = statistics;
    }

    /** Opens the stats address, if one is configured. */
    synchronized void openStats() {
        settings.get(CliOptions.STATS).ifPresent(address -> {
            StatsServer server = StatsServer.start(address, statistics);
            stats = server;
            log.line("juwsgi stats bound on " + server.address());
        });
    }

    @Override
    public void open() {
        openStats();
        master.claim();
    }

    @Override
    public synchronized void close() {
        if (stats != null) {
            stats.close();
            stats = null;
        }
        master.release();
    }
}
