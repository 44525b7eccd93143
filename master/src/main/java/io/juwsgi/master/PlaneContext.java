package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import java.util.function.Consumer;

/**
 * What everything on the master's thread shares; a reload may bring another plan.
 *
 * @param plan what the settings ask for
 * @param timings how long to wait for what
 * @param log where lines go
 * @param events takes messages for the loop
 * @param group tells the router
 * @param staff how many workers are wanted
 * @param spawns counts the processes of each worker number
 */
record PlaneContext(
        ProcessPlan plan,
        Timings timings,
        LogSink log,
        Consumer<MasterEvent> events,
        PublishedWorkers group,
        Staff staff,
        SpawnCounts spawns) {

    /** Returns what a generation with another plan shares with the one before; the same when nothing is different. */
    PlaneContext with(ProcessPlan next) {
        if (next.equals(plan)) {
            return this;
        }
        boolean sameStaff =
                next.processes() == plan.processes() && next.elastic().equals(plan.elastic());
        return new PlaneContext(next, timings, log, events, group, sameStaff ? staff : new Staff(next), spawns);
    }
}
