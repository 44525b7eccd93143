package io.juwsgi.router.upstream;

import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import java.util.Map;

/**
 * The started extensions that upstreams name, by their whole ids, such as {@code balance-round-robin}.
 *
 * @param balancers who chooses
 * @param checks who asks endpoints whether they are well
 * @param discoveries who finds members
 * @param fleets who divides limits among gateways
 */
public record UpstreamParts(
        Map<String, BalancerFactory> balancers,
        Map<String, HealthCheck> checks,
        Map<String, Discovery> discoveries,
        Map<String, FleetLimits> fleets) {

    /** No extensions, for a server without upstreams. */
    public static final UpstreamParts NONE = new UpstreamParts(Map.of(), Map.of(), Map.of(), Map.of());

    /** Copies the maps. */
    public UpstreamParts {
        balancers = Map.copyOf(balancers);
        checks = Map.copyOf(checks);
        discoveries = Map.copyOf(discoveries);
        fleets = Map.copyOf(fleets);
    }
}
