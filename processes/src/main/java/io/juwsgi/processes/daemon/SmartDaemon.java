package io.juwsgi.processes.daemon;

import io.juwsgi.processes.Backoff;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.Pidfile;
import io.juwsgi.processes.Signals;
import io.juwsgi.processes.Surroundings;
import io.juwsgi.processes.TouchedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A program that outlives the server: its pidfile says whether it runs, and it is started when it does not.
 *
 * <p>Mutable; owned by the loop's thread.
 */
final class SmartDaemon implements Attachment {
    private final DaemonPlan plan;
    private final Path pidfile;
    private final ChildCommand command;
    private final Surroundings surroundings;
    private final Backoff backoff;
    private final List<TouchedFile> touch;
    private final Deadline look = new Deadline();
    /** When it is to be started. */
    private final Deadline start = new Deadline();
    /** Until when the pidfile must name a running process. */
    private final Deadline patience = new Deadline();

    private @Nullable Child launcher;
    private long pid;
    private long begun;
    private boolean stopping;

    SmartDaemon(DaemonPlan plan, Path pidfile, ChildCommand command, Surroundings surroundings) {
        this.plan = plan;
        this.pidfile = pidfile;
        this.command = command;
        this.surroundings = surroundings;
        this.backoff = surroundings.backoff(plan.throttle());
        this.touch = plan.touch().stream().map(TouchedFile::new).toList();
    }

    @Override
    public void settle(long now) {
        if (stopping || (look.isSet() && !look.passed(now))) {
            return;
        }
        boolean first = !look.isSet();
        look.in(surroundings.tick(), now);
        OptionalLong running = Pidfile.running(pidfile);
        if (running.isPresent()) {
            found(running.getAsLong(), now);
        } else if (first) {
            spawn(now);
        } else {
            missing(now);
        }
    }

    private void found(long running, long now) {
        if (running != pid) {
            say("runs (pid: " + running + "), says " + pidfile);
            pid = running;
            begun = now;
        }
        patience.clear();
        start.clear();
        boolean touched = false;
        for (TouchedFile file : touch) {
            touched |= file.look();
        }
        if (touched) {
            say("restarts because a file was touched");
            Signals.send(pid, plan.stopSignal());
        }
    }

    private void missing(long now) {
        if (start.isSet()) {
            if (start.passed(now)) {
                spawn(now);
            }
        } else if (pid != 0) {
            pid = 0;
            again("does not run any more", Duration.ofNanos(now - begun), now);
        } else if (patience.passed(now)) {
            if (launcher != null && launcher.isAlive()) {
                say("did not go to the background: " + pidfile + " names no running process");
                patience.in(plan.patience(), now);
            } else {
                again("did not come up: " + pidfile + " names no running process", Duration.ZERO, now);
            }
        }
    }

    private void again(String what, Duration lived, long now) {
        patience.clear();
        Duration delay = backoff.ended(lived);
        say(what + ", respawning " + (delay.isZero() ? "now" : "in " + delay.toSeconds() + " s"));
        start.in(delay, now);
        look.atMost(delay, now);
    }

    private void spawn(long now) {
        start.clear();
        patience.in(plan.patience(), now);
        try {
            Child started = Child.start(command, "juwsgi-daemon", surroundings.log(), status -> {});
            launcher = started;
            say("spawning (pid: " + started.pid() + ")");
            if (plan.writesPidfile()) {
                Pidfile.write(pidfile, started.pid());
                pid = started.pid();
                begun = now;
            }
        } catch (IOException e) {
            say("cannot be started, or " + pidfile + " cannot be written: " + e.getMessage());
        }
    }

    @Override
    public void reload() {
        if (plan.notifies()) {
            tell(plan.reloadSignal() == 0 ? Signals.HUP : plan.reloadSignal());
        }
    }

    @Override
    public void stop(long now) {
        if (!stopping && plan.notifies()) {
            tell(plan.stopSignal());
        }
        stopping = true;
    }

    private void tell(int signal) {
        Pidfile.running(pidfile).ifPresent(running -> Signals.send(running, signal));
    }

    @Override
    public boolean isOver() {
        return true;
    }

    @Override
    public long nanosToDeadline(long now) {
        return stopping ? Long.MAX_VALUE : look.nanosFrom(now);
    }

    private void say(String what) {
        surroundings.log().line("[uwsgi-daemons] " + plan.name() + " " + what);
    }
}
