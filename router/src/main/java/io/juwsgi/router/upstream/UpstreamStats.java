package io.juwsgi.router.upstream;

import java.util.List;
import java.util.OptionalInt;

/**
 * What an upstream did since the start.
 *
 * @param name its name
 * @param balance its balancer
 * @param waiting requests that wait for an endpoint
 * @param endpoints its members now
 */
public record UpstreamStats(String name, String balance, int waiting, List<EndpointStats> endpoints) {

    /** Copies the list. */
    public UpstreamStats {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * What one endpoint did.
     *
     * @param address where it listens
     * @param state {@code up}, {@code down} by checks, {@code resting} after failures, or {@code draining}
     * @param weight its configured share
     * @param backup whether it is a backup
     * @param zone the zone that it is in; empty when nobody says
     * @param inFlight requests under way
     * @param fleetShare requests that it may have under way by this gateway; empty when gateways share no limit
     * @param requests requests it was given
     * @param failures requests it failed, whatever became of them
     * @param retries those of them that went on to another endpoint
     * @param hedges requests it was asked because another endpoint was slow
     * @param ejections how often it began to rest
     * @param medianMicros half of its answers began within this time, in microseconds
     * @param p99Micros 99 per cent of its answers began within this time, in microseconds
     */
    public record EndpointStats(
            String address,
            String state,
            int weight,
            boolean backup,
            String zone,
            int inFlight,
            OptionalInt fleetShare,
            long requests,
            long failures,
            long retries,
            long hedges,
            long ejections,
            long medianMicros,
            long p99Micros) {}
}
