package io.juwsgi.master;

import io.juwsgi.processes.Deadline;
import io.juwsgi.spi.worker.GroupLoad;
import java.time.Duration;

/**
 * Lets the number of workers follow the load.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class LoadWatch implements Chores.Chore {
    private final PlaneContext context;
    private final Elastic plan;
    private final Staff staff;
    private final Generations generations;
    private final Lasting overloaded = new Lasting();
    private final Lasting underused = new Lasting();
    private final Lasting quiet = new Lasting();
    private long begun;
    private final Deadline round = new Deadline();
    private long busyMicros;
    private final LazyRounds lazyRounds;

    /** Since when something is so without a break. */
    private static final class Lasting {
        private boolean holds;
        private long since;

        boolean lasts(boolean now, Duration required, long nanos) {
            if (now && !holds) {
                since = nanos;
            }
            holds = now;
            return now && nanos - since >= required.toNanos();
        }

        void forget() {
            holds = false;
        }
    }

    LoadWatch(PlaneContext context, Generations generations) {
        this.context = context;
        this.plan = context.plan().elastic();
        this.lazyRounds =
                new LazyRounds(plan.busyness().rounds(), plan.busyness().penalty());
        this.staff = context.staff();
        this.generations = generations;
    }

    @Override
    public void look(long now) {
        GroupLoad load = context.group().load();
        boolean asked = load.begun() != begun || load.waiting() > 0;
        begun = load.begun();
        if (staff.isAsleep()) {
            if (load.waiting() > 0) {
                staff.wake();
                context.log().line("a request has come: starting " + staff.wanted() + " worker(s)");
            }
            return;
        }
        if (plan.idle().isPositive() && quiet.lasts(!asked && nobodyWorks(load), plan.idle(), now)) {
            rest();
        } else if (plan.least() > 0 && generations.readyWorkers() > 0) {
            // While the first ones load, requests wait however many there are to be.
            adapt(load, now);
        }
    }

    private boolean nobodyWorks(GroupLoad load) {
        return load.waiting() == 0 && load.idleWorkers() >= generations.readyWorkers();
    }

    private void rest() {
        quiet.forget();
        String since = "no request for " + Notices.seconds(plan.idle());
        if (plan.dieOnIdle()) {
            context.log().line(since + ": stopping (die-on-idle)");
            context.events().accept(new MasterEvent.Stop(StopMode.GRACEFUL));
        } else {
            context.log().line(since + ": stopping the workers until the next one comes");
            staff.sleep();
        }
    }

    private void adapt(GroupLoad load, long now) {
        long rss = plan.rssSoft() > 0 || plan.rssHard() > 0 ? generations.workersRss() : 0;
        if (plan.rssHard() > 0 && rss > plan.rssHard()) {
            change(-1, "all workers have " + (rss >> 20) + " MB in memory (cheaper-rss-limit-hard)");
            return;
        }
        int delta = switch (plan.algorithm()) {
            case SPARE -> spare(load, now);
            case BACKLOG -> backlog(load, now);
            case BUSYNESS -> busyness(load, now);
            case MANUAL -> 0;
        };
        if (delta > 0 && plan.rssSoft() > 0 && rss > plan.rssSoft()) {
            return;
        }
        if (delta != 0) {
            change(delta, delta > 0 ? "there is much to do" : "there is little to do");
        }
    }

    private void change(int delta, String why) {
        int changed = staff.change(delta);
        if (changed != 0) {
            context.log().line(why + ": " + staff.wanted() + " worker(s) wanted now");
        }
    }

    private int spare(GroupLoad load, long now) {
        boolean more = overloaded.lasts(load.idleWorkers() == 0 || load.waiting() > 0, plan.overload(), now);
        boolean fewer = underused.lasts(load.idleWorkers() > 1, plan.overload(), now);
        return decided(more, fewer);
    }

    private int backlog(GroupLoad load, long now) {
        boolean more = overloaded.lasts(load.waiting() > 0, Duration.ZERO, now);
        boolean fewer = underused.lasts(load.waiting() == 0 && load.idleWorkers() > 0, plan.overload(), now);
        return decided(more, fewer);
    }

    private int decided(boolean more, boolean fewer) {
        if (more || fewer) {
            overloaded.forget();
            underused.forget();
        }
        return more ? plan.step() : fewer ? -1 : 0;
    }

    private int busyness(GroupLoad load, long now) {
        if (load.waiting() >= plan.busyness().alert()) {
            return plan.step();
        }
        if (round.isSet() && !round.passed(now)) {
            return 0;
        }
        boolean first = !round.isSet();
        long worked = load.busyMicros() - busyMicros;
        busyMicros = load.busyMicros();
        round.in(plan.overload(), now);
        // What an application answers concurrently counts for each core; what has not ended yet shows in idleWorkers.
        long possible = Math.max(1, plan.overload().toNanos() / 1000)
                * Math.max(1, generations.readyWorkers())
                * context.plan().threads();
        long percent = load.idleWorkers() == 0 ? 100 : worked * 100 / possible;
        if (first) {
            return 0;
        }
        if (percent > plan.busyness().max()) {
            lazyRounds.missed();
            return plan.step();
        }
        return lazyRounds.mayLose(percent < plan.busyness().min()) ? -1 : 0;
    }
}
