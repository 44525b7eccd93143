package io.juwsgi.router.worker;

import java.util.List;

/**
 * One worker process at one moment, counted since the process became ready.
 *
 * @param id the worker's number from 1
 * @param pid the process id
 * @param accepting whether it is given new requests
 * @param requests how many requests it has answered
 * @param exceptions how many of them ended with an exception in the application
 * @param harakiriCount how many of them ran into the deadline
 * @param txBytes how many bytes of response heads and bodies it has sent
 * @param runningMicros how long the application has worked on requests, in microseconds
 * @param averageMicros the moving average of the application's time for a request, in microseconds
 * @param depth how many requests may be in flight on one of its cores now
 * @param cores its cores, by number
 */
public record WorkerStats(
        int id,
        long pid,
        boolean accepting,
        long requests,
        long exceptions,
        long harakiriCount,
        long txBytes,
        long runningMicros,
        long averageMicros,
        int depth,
        List<CoreStats> cores) {

    public WorkerStats {
        cores = List.copyOf(cores);
    }
}
