package io.juwsgi.cli;

import io.juwsgi.cli.log.LogSetup;
import io.juwsgi.cli.log.StandardLog;
import io.juwsgi.cli.plugin.ActiveExtensions;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.Changes;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.master.MasterOptions;
import io.juwsgi.processes.cron.CronOptions;
import io.juwsgi.processes.daemon.DaemonOptions;
import io.juwsgi.router.Router;
import io.juwsgi.router.RouterOptions;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.upstream.UpstreamOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Takes over at a reload what the configuration says now of this process itself: log, limits, extensions. What it says of
 * application processes comes with their new generation. Any thread may call; it may take a while.
 */
final class Adoption {
    private final PluginRegistry plugins;
    private final Router router;
    private final ActiveExtensions active;
    private final Consumer<ChainPlan> swap;
    private final Settings started;
    private final StandardLog log = StandardLog.instance();

    /**
     * Makes one for a running server.
     *
     * @param started what it was started with
     * @param swap takes the chain of the extensions that are active from then on
     */
    Adoption(
            PluginRegistry plugins,
            Router router,
            ActiveExtensions active,
            Settings started,
            Consumer<ChainPlan> swap) {
        this.plugins = plugins;
        this.router = router;
        this.active = active;
        this.started = started;
        this.swap = swap;
    }

    /** Takes over what can be; what is wrong stays as it was, and a line says so. */
    synchronized void adopt(Settings before, Settings now) {
        Changes changes = new Changes(before, now);
        List<String> later = new Changes(started, now).among(fixed());
        if (!later.isEmpty()) {
            log.line("a reload does not change these, an upgrade (SIGUSR2) or a restart does: "
                    + String.join(", ", later));
        }
        attempt("the log keeps its settings: ", () -> LogSetup.applyAgain(changes, now, plugins.logTypes(), log));
        attempt("the router keeps its settings: ", () -> router.adopt(now));
        attempt("plugins keep their settings: ", () -> active.reload(() -> now, swap));
    }

    private void attempt(String otherwise, Runnable action) {
        try {
            action.run();
        } catch (ConfigException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> log.line(otherwise + line));
        }
    }

    /** What belongs to sockets, files and processes that a reload leaves alone. */
    private List<Option<?>> fixed() {
        List<Option<?>> fixed = new ArrayList<>(RouterOptions.fixed());
        fixed.addAll(plugins.listenerOptions());
        fixed.addAll(UpstreamOptions.all());
        fixed.addAll(MasterOptions.fixed());
        fixed.addAll(DaemonOptions.all());
        fixed.addAll(CronOptions.all());
        fixed.add(CliOptions.STATS);
        fixed.add(CliOptions.CTL_SOCKET);
        return fixed;
    }
}
