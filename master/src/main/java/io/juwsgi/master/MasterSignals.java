package io.juwsgi.master;

import static io.juwsgi.processes.SignalHandlers.handle;

import io.juwsgi.spi.LogSink;

/** Turns the signals that the process gets into calls of the master, which only post messages. */
final class MasterSignals {
    private MasterSignals() {}

    static void install(Master master, boolean dieOnTerm, LogSink log) {
        Runnable quick = () -> {
            log.line("SIGINT/SIGTERM received...killing workers...");
            master.stop(StopMode.QUICK);
        };
        handle("INT", log, quick);
        // What units say that were written for uWSGI (KillSignal=SIGQUIT).
        handle("QUIT", log, quick);
        handle("TERM", log, () -> {
            if (!dieOnTerm) {
                master.reload(ReloadScope.BRUTAL);
                return;
            }
            log.line("SIGINT/SIGTERM received...killing workers...");
            master.stop(StopMode.GRACEFUL);
        });
        handle("HUP", log, () -> master.reload(ReloadScope.ALL));
        handle("USR1", log, () -> {
            log.reopen();
            master.logStatistics();
        });
        handle("USR2", log, master::upgrade);
        handle("TSTP", log, master::pause);
        handle("TTIN", log, () -> master.changeWorkers(1));
        handle("TTOU", log, () -> master.changeWorkers(-1));
    }
}
