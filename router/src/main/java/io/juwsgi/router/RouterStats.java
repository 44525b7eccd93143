package io.juwsgi.router;

import java.util.List;

/**
 * What the data plane has done since its start.
 *
 * @param connections open connections
 * @param accepted connections since the start
 * @param requests ended requests
 * @param failures requests that ended without the response that was asked for
 * @param bytesIn bytes received from clients
 * @param bytesOut bytes of responses
 * @param listeners the same for each listener, in order of binding
 */
public record RouterStats(
        long connections,
        long accepted,
        long requests,
        long failures,
        long bytesIn,
        long bytesOut,
        List<ListenerStats> listeners) {

    /**
     * One listener's part.
     *
     * @param listener whose part it is
     */
    public record ListenerStats(
            BoundListener listener,
            long connections,
            long accepted,
            long requests,
            long failures,
            long bytesIn,
            long bytesOut) {}
}
