package io.juwsgi.master;

import io.juwsgi.processes.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What nobody reports and the master has to look for, once a tick.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Chores {
    /** Something to look at. */
    interface Chore {
        void look(long now);
    }

    private static final Duration WAKING = Duration.ofMillis(50);

    private final PlaneContext context;
    private final List<Chore> chores;
    private final Deadline tick = new Deadline();

    private Chores(PlaneContext context, List<Chore> chores) {
        this.context = context;
        this.chores = List.copyOf(chores);
    }

    /** Returns those that the plan of the serving generation asks for. */
    static Chores of(Generations generations) {
        PlaneContext context = generations.context();
        List<Chore> chores = new ArrayList<>();
        if (context.plan().recycling().limitsMemory()) {
            chores.add(new MemoryWatch(context.plan().recycling(), generations));
        }
        if (!context.plan().triggers().isEmpty()) {
            chores.add(new TouchWatch(context));
        }
        if (context.plan().elastic().follows()) {
            chores.add(new LoadWatch(context, generations));
        }
        return new Chores(context, chores);
    }

    /** Returns whether this is what such a plan asks for. */
    boolean isFor(PlaneContext other) {
        return context.equals(other);
    }

    /** Begins, or goes on when a tick has passed. */
    void settle(long now) {
        if (chores.isEmpty() || (tick.isSet() && !tick.passed(now))) {
            return;
        }
        // A request that finds no workers wakes them: nobody should wait a second for that.
        Duration pause = context.timings().tick();
        tick.in(context.staff().isAsleep() && pause.compareTo(WAKING) > 0 ? WAKING : pause, now);
        for (Chore chore : chores) {
            chore.look(now);
        }
    }

    void stop() {
        tick.clear();
    }

    long nanosToDeadline(long now) {
        return tick.nanosFrom(now);
    }
}
