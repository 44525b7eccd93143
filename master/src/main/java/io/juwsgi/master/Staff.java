package io.juwsgi.master;

/**
 * How many workers are wanted, which may be none while nobody asks for anything.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Staff {
    private final Elastic plan;
    private final int processes;
    private int wanted;

    Staff(ProcessPlan plan) {
        this.plan = plan.elastic();
        this.processes = plan.processes();
        this.wanted = this.plan.cheap() ? 0 : this.plan.initial();
    }

    int wanted() {
        return wanted;
    }

    boolean isAsleep() {
        return wanted == 0;
    }

    void sleep() {
        wanted = 0;
    }

    void wake() {
        if (isAsleep()) {
            wanted = plan.initial();
        }
    }

    /** Changes the number within its bounds, and returns by how much. Without {@code cheaper} it may become any. */
    int change(int delta) {
        int before = wanted;
        int least = Math.max(1, plan.least());
        int most = plan.least() > 0 ? processes : ProcessPlan.MOST_PROCESSES;
        wanted = Math.clamp((long) before + delta, least, most);
        return wanted - before;
    }
}
