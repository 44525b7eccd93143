package io.juwsgi.master;

import java.time.Instant;
import java.util.List;

/**
 * The process plane at one moment.
 *
 * @param pid the server's process id
 * @param started when the master started
 * @param generation the number of the generation that serves, from 0
 * @param workers every worker process that has not ended, by number, then age
 */
public record MasterStatus(long pid, Instant started, int generation, List<WorkerStatus> workers) {

    public MasterStatus {
        workers = List.copyOf(workers);
    }

    /** What a worker is doing; see {@code docs/process-model.md}. */
    public enum WorkerState {
        SPAWNING,
        READY,
        DRAINING,
        STOPPING,
        KILLED
    }

    /**
     * One worker process.
     *
     * @param id its number, from 1
     * @param pid its process id, 0 until it is known
     * @param generation the number of the reload that it came with
     * @param state what it is doing
     * @param respawnCount how many processes have had this number, with this one
     * @param lastSpawn when this process was asked for
     * @param rss bytes in memory, 0 when unknown
     * @param vsz bytes of address space, 0 when unknown
     */
    public record WorkerStatus(
            int id,
            long pid,
            int generation,
            WorkerState state,
            int respawnCount,
            Instant lastSpawn,
            long rss,
            long vsz) {}
}
