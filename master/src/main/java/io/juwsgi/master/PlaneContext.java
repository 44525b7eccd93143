package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import java.util.function.Consumer;

/**
 * What everything on the master's thread shares.
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
        SpawnCounts spawns) {}
