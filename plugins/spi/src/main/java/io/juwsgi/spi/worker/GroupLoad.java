package io.juwsgi.spi.worker;

/**
 * How much the workers of a group have to do, at a moment that is at most some tenths of a second ago.
 *
 * @param idleWorkers how many workers accept requests and have none
 * @param waiting how many requests wait for a worker
 * @param begun how many requests have come for the group so far, answered or not
 * @param busyMicros how long applications have worked on answered requests so far, in microseconds, over all cores
 */
public record GroupLoad(int idleWorkers, int waiting, long begun, long busyMicros) {
    /** The load of a group that nobody asks anything of. */
    public static final GroupLoad NONE = new GroupLoad(0, 0, 0, 0);
}
