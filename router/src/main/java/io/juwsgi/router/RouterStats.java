package io.juwsgi.router;

import io.juwsgi.spi.metric.Histogram;
import java.util.List;
import java.util.Map;

/**
 * What the data plane has done since its start.
 *
 * @param connections open connections
 * @param refused connections that were one too many
 * @param accepted connections since the start
 * @param requests ended requests
 * @param failures requests that ended without the response that was asked for
 * @param bytesIn bytes received from clients
 * @param bytesOut bytes of responses
 * @param listeners the same for each listener, in order of binding
 */
public record RouterStats(
        long connections,
        long refused,
        long accepted,
        long requests,
        long failures,
        long bytesIn,
        long bytesOut,
        List<ListenerStats> listeners) {

    /**
     * What waits in the gateway at one moment, in bytes.
     *
     * @param memory parts of requests and responses in memory
     * @param disk parts in files
     */
    public record Held(long memory, long disk) {}

    /**
     * One listener's part.
     *
     * @param listener whose part it is
     * @param statuses how many requests ended with each status
     * @param durations how long requests took, in seconds, from head to end of the response; upgraded connections left out
     */
    public record ListenerStats(
            BoundListener listener,
            long connections,
            long accepted,
            long requests,
            long failures,
            long bytesIn,
            long bytesOut,
            Map<Integer, Long> statuses,
            Histogram durations) {}
}
