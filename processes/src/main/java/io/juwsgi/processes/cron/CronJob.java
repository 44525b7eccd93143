package io.juwsgi.processes.cron;

import io.juwsgi.processes.Bond;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.Deadline;
import io.juwsgi.processes.ExitStatus;
import io.juwsgi.processes.Signals;
import io.juwsgi.processes.Surroundings;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * One command with its runs, of which there may be several at a time.
 *
 * <p>Mutable; owned by the loop's thread.
 */
final class CronJob {
    private final CronPlan plan;
    private final Surroundings surroundings;
    private final List<Run> runs = new ArrayList<>();
    private boolean stopping;

    private record Run(Child child, long begun, Deadline kill) {}

    CronJob(CronPlan plan, Surroundings surroundings) {
        this.plan = plan;
        this.surroundings = surroundings;
    }

    boolean isDue(LocalDateTime time) {
        return plan.time().matches(time);
    }

    /** Starts the command, unless it must not run twice at a time. */
    void run(long now) {
        if (plan.unique() && isRunning()) {
            say("still runs and is not started again");
            return;
        }
        Run[] run = new Run[1];
        try {
            Child child = Child.start(
                    surroundings.shell().command(plan.command(), Bond.tied(Signals.TERM)),
                    "juwsgi-cron",
                    surroundings.tagged("cron " + plan.name()),
                    status -> surroundings.post().accept(then -> ended(run[0], status, then)));
            run[0] = new Run(child, now, new Deadline());
        } catch (IOException e) {
            say("cannot be started: " + e.getMessage());
            return;
        }
        runs.add(run[0]);
        if (plan.harakiri().isPositive()) {
            run[0].kill.in(plan.harakiri(), now);
        }
        say("running (pid: " + run[0].child.pid() + ")"
                + (runs.size() > 1 ? ", while " + (runs.size() - 1) + " earlier run(s) go on" : ""));
    }

    private void ended(Run run, ExitStatus status, long now) {
        runs.remove(run);
        if (stopping) {
            run.child.killRest();
        }
        String how = status.clean() ? "" : ", " + status;
        say("(pid: " + run.child.pid() + ") ended after "
                + Duration.ofNanos(now - run.begun).toSeconds() + " second(s)" + how);
    }

    /** Kills runs that have had their time. */
    void settle(long now) {
        for (Run run : runs) {
            if (run.kill.passed(now)) {
                run.kill.clear();
                say("(pid: " + run.child.pid() + ") "
                        + (stopping ? "does not end when asked to" : "runs for too long (harakiri)") + ", killing it");
                run.child.kill();
            }
        }
    }

    void stop(long now) {
        if (stopping) {
            return;
        }
        stopping = true;
        for (Run run : runs) {
            run.child.signal(Signals.TERM);
            run.kill.atMost(surroundings.mercy(), now);
        }
    }

    boolean isRunning() {
        return !runs.isEmpty();
    }

    long nanosToDeadline(long now) {
        long next = Long.MAX_VALUE;
        for (Run run : runs) {
            next = Math.min(next, run.kill.nanosFrom(now));
        }
        return next;
    }

    private void say(String what) {
        surroundings.log().line("[uwsgi-cron] " + plan.name() + " " + what);
    }
}
