package io.juwsgi.master;

import io.juwsgi.processes.ExitStatus;
import io.juwsgi.spi.LogSink;
import java.time.Duration;

/** The log lines about workers, in the shape that tools which read uWSGI's log look for. */
final class Notices {
    private final LogSink log;
    private final ProcessPlan plan;

    Notices(LogSink log, ProcessPlan plan) {
        this.log = log;
        this.plan = plan;
    }

    void spawned(Worker worker) {
        String only = plan.processes() == 1 ? " (and the only)" : "";
        log.line("spawned uWSGI worker " + worker.id() + only + " (pid: " + worker.pid() + ", cores: " + plan.threads()
                + ")");
    }

    void respawned(Worker worker) {
        log.line("Respawned uWSGI worker " + worker.id() + " (new pid: " + worker.pid() + ")");
    }

    /** A worker ended that nobody had asked to. */
    void died(Worker worker, ExitStatus status, boolean respawns, Duration delay) {
        String how = status.signal() != 0 || status.code() > 0 ? ", " + status : "";
        String then = respawns ? " trying respawn ..." : "";
        log.line("DAMN ! worker " + worker.id() + " (pid: " + worker.pid() + ") died" + how + " :(" + then);
        String cause = status.likelyCause();
        if (!cause.isEmpty()) {
            log.line(name(worker) + ": " + cause);
        }
        if (respawns && delay.isPositive()) {
            log.line(name(worker) + ": its number ends again and again, next try in " + seconds(delay));
        }
    }

    /** A worker ended that was asked to. */
    void buried(Worker worker, ExitStatus status, long now) {
        String how = status.clean() ? "" : ", " + status;
        log.line("worker " + worker.id() + " buried after " + worker.age(now).toSeconds() + " seconds (pid: "
                + worker.pid() + how + ")");
    }

    void about(Worker worker, String text) {
        log.line(name(worker) + ": " + text);
    }

    static String name(Worker worker) {
        return "worker " + worker.id() + " (pid: " + worker.pid() + ")";
    }

    static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
