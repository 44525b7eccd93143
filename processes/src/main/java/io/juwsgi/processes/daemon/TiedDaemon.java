package io.juwsgi.processes.daemon;

import io.juwsgi.processes.Backoff;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.processes.Surroundings;
import io.juwsgi.processes.TouchedFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A program that lives as long as the server: started again whenever it ends, stopped with it.
 *
 * <p>Mutable; owned by the loop's thread.
 */
final class TiedDaemon implements Attachment {
    private final DaemonPlan plan;
    private final ChildCommand command;
    private final Surroundings surroundings;
    private final Runnable stopServer;
    private final Backoff backoff;
    private final List<TouchedFile> touch;
    private final Deadline start = new Deadline();
    private final Deadline kill = new Deadline();
    private final Deadline look = new Deadline();
    private @Nullable Child child;
    private boolean stopping;

    /**
     * Makes a daemon that does not run yet.
     *
     * @param stopServer called when it ends although the server must not run without it
     */
    TiedDaemon(DaemonPlan plan, ChildCommand command, Surroundings surroundings, Runnable stopServer) {
        this.plan = plan;
        this.command = command;
        this.surroundings = surroundings;
        this.stopServer = stopServer;
        this.backoff = surroundings.backoff(plan.throttle());
        this.touch = plan.touch().stream().map(TouchedFile::new).toList();
    }

    @Override
    public void settle(long now) {
        Child running = child;
        if (running == null && !stopping && (!start.isSet() || start.passed(now))) {
            spawn(now);
        } else if (running != null && kill.passed(now)) {
            kill.clear();
            say(running, "does not end when asked to, killing it");
            running.kill();
        }
        if (running != null && !touch.isEmpty() && (!look.isSet() || look.passed(now))) {
            look.in(surroundings.tick(), now);
            lookAtFiles(running, now);
        }
    }

    private void spawn(long now) {
        String again = start.isSet() ? "re" : "";
        start.clear();
        try {
            Child[] started = new Child[1];
            started[0] = Child.start(
                    command,
                    "juwsgi-daemon",
                    surroundings.tagged("daemon " + plan.name()),
                    status -> surroundings.post().accept(then -> ended(started[0], status, now, then)));
            child = started[0];
            surroundings
                    .log()
                    .line("[uwsgi-daemons] " + again + "spawning " + plan.name() + " (pid: " + started[0].pid() + ")");
        } catch (IOException e) {
            Duration delay = backoff.ended(Duration.ZERO);
            surroundings
                    .log()
                    .line("[uwsgi-daemons] cannot start " + plan.name() + ": " + e.getMessage() + ", next try in "
                            + delay.toSeconds() + " s");
            start.in(delay, now);
        }
    }

    private void ended(Child ended, ExitStatus status, long begun, long now) {
        child = null;
        kill.clear();
        if (stopping) {
            ended.killRest();
            say(ended, "has ended, " + status);
            return;
        }
        if (plan.control()) {
            say(ended, "has ended, " + status + ": the server stops, as it must not run without it");
            stopping = true;
            stopServer.run();
            return;
        }
        Duration delay = backoff.ended(Duration.ofNanos(now - begun));
        say(ended, "has ended, " + status + ", respawning " + (delay.isZero() ? "now" : "in " + seconds(delay)));
        start.in(delay, now);
    }

    private void lookAtFiles(Child running, long now) {
        boolean touched = false;
        for (TouchedFile file : touch) {
            touched |= file.look();
        }
        if (touched) {
            say(running, "restarts because a file was touched");
            end(running, now);
        }
    }

    private void end(Child running, long now) {
        running.signal(plan.stopSignal());
        kill.atMost(surroundings.mercy(), now);
    }

    @Override
    public void reload() {
        if (child != null && plan.reloadSignal() != 0) {
            child.signal(plan.reloadSignal());
        }
    }

    @Override
    public void stop(long now) {
        if (stopping) {
            return;
        }
        stopping = true;
        start.clear();
        if (child != null) {
            end(child, now);
        }
    }

    @Override
    public boolean isOver() {
        return child == null;
    }

    @Override
    public long nanosToDeadline(long now) {
        return Math.min(Math.min(start.nanosFrom(now), kill.nanosFrom(now)), look.nanosFrom(now));
    }

    private void say(Child process, String what) {
        surroundings.log().line("[uwsgi-daemons] " + plan.name() + " (pid: " + process.pid() + ") " + what);
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
