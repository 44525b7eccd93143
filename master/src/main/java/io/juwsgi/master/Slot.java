package io.juwsgi.master;

import io.juwsgi.processes.Backoff;
import io.juwsgi.processes.Deadline;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker number within a generation: the process that serves, the one that replaces it, those that leave.
 *
 * <p>Mutable; owned by the master's thread.
 */
final class Slot {
    final int id;
    final Backoff backoff;
    final Deadline respawn = new Deadline();
    /** Oldest first. */
    final List<Worker> workers = new ArrayList<>(2);

    /** Whether it ever had a process. */
    boolean filled;

    Slot(int id, Timings timings) {
        this.id = id;
        this.backoff = timings.backoff();
    }

    /** Returns whether nobody serves, is about to, or has just been lost and is still being looked for. */
    boolean isVacant() {
        for (Worker worker : workers) {
            boolean serves = worker.is(Worker.State.READY) && !worker.isWorn();
            if (serves || worker.is(Worker.State.SPAWNING) || worker.isLost()) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether its worn worker can go on until no other number is being replaced. */
    boolean waitsForTurn() {
        for (Worker worker : workers) {
            if (worker.is(Worker.State.READY) && worker.waitsForTurn()) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a worn worker serves on until its replacement is ready. */
    boolean isBeingReplaced() {
        boolean worn = false;
        boolean replaced = false;
        for (Worker worker : workers) {
            worn |= worker.is(Worker.State.READY) && worker.isWorn();
            replaced |= worker.is(Worker.State.SPAWNING);
        }
        return worn && replaced;
    }

    boolean hasReady() {
        for (Worker worker : workers) {
            if (worker.is(Worker.State.READY)) {
                return true;
            }
        }
        return false;
    }
}
