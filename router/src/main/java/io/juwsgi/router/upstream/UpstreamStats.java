package io.juwsgi.router.upstream;

import io.juwsgi.spi.metric.Histogram;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** The bounds of histograms, in seconds. */
    static final List<Double> BOUNDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0);

    /** Copies the list. */
    public UpstreamStats {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * What one endpoint did.
     *
     * @param address where it listens
     * @param state {@code up}, {@code down} by checks, {@code resting} after failures, or {@code draining}
     * @param why why it is down or rests, in few words; empty when it does not
     * @param weight its configured share
     * @param backup whether it is a backup
     * @param zone the zone that it is in; empty when nobody says
     * @param inFlight requests under way
     * @param fleetShare requests that it may have under way by this gateway; empty when gateways share no limit
     * @param requests requests it was given
     * @param failures requests it failed, whatever became of them
     * @param failureReasons how many of them, by the word for why
     * @param retries those of them that went on to another endpoint
     * @param hedges requests it was asked because another endpoint was slow
     * @param ejections how often it began to rest
     * @param ejectionReasons how often, by the word for why
     * @param lastEjection the last time; empty when there was none
     * @param medianMicros half of its answers began within this time, in microseconds
     * @param p99Micros 99 per cent of its answers began within this time, in microseconds
     * @param answers how many began within which time, in seconds
     */
    public record EndpointStats(
            String address,
            String state,
            String why,
            int weight,
            boolean backup,
            String zone,
            int inFlight,
            OptionalInt fleetShare,
            long requests,
            long failures,
            Map<String, Long> failureReasons,
            long retries,
            long hedges,
            long ejections,
            Map<String, Long> ejectionReasons,
            Optional<LastEjection> lastEjection,
            long medianMicros,
            long p99Micros,
            Histogram answers) {

        /** Copies the maps. */
        public EndpointStats {
            failureReasons = Map.copyOf(failureReasons);
            ejectionReasons = Map.copyOf(ejectionReasons);
        }
    }

    /**
     * When an endpoint began to rest.
     *
     * @param reason the word for why
     * @param atSeconds when, in seconds since 1970
     * @param millis how long
     */
    public record LastEjection(String reason, long atSeconds, long millis) {}
}
