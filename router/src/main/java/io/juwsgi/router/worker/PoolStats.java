package io.juwsgi.router.worker;

import java.util.List;

/**
 * A worker pool at one moment.
 *
 * @param waiting how many requests wait for a core
 * @param recalled how many requests have been taken back from a core that was busy for too long
 * @param refused how many requests were refused because the queue was full
 * @param workers the connected processes, by number; two of one number while one replaces the other
 */
public record PoolStats(int waiting, long recalled, long refused, List<WorkerStats> workers) {

    public PoolStats {
        workers = List.copyOf(workers);
    }
}
