package io.juwsgi.loadbalancer.discovery;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.Default;
import io.juwsgi.config.typed.Doc;
import io.juwsgi.config.typed.RecordOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings of discovery by DNS, for addresses and for services.
 *
 * @param interval how often names are looked up when their records are valid for longer
 * @param least the shortest time from one look-up to the next, however short records are valid
 * @param hold how long members stay when the name has no records any more
 * @param servers name servers, {@code HOST[:PORT]} with numeric hosts; none for those of the system
 */
@Doc("find servers by the addresses of a name, or its SRV records")
record DnsSettings(
        @Default("30s") @Doc("how often names are looked up when their TTL is longer")
        Duration interval,

        @Default("1s") @Doc("how often names are looked up when their TTL is shorter")
        Duration least,

        @Default("30s") @Doc("how long servers stay when their name has no records any more")
        Duration hold,

        @Doc("name servers, HOST[:PORT]; those of the system when none is named")
        List<String> servers) {
    /** As many as are asked for one name at most; more would make the wait for one that answers a long one. */
    private static final int MOST_SERVERS = 8;

    DnsSettings {
        if (interval.toMillis() < 100) {
            throw new IllegalArgumentException("interval: " + interval.toMillis() + "ms (expected: at least 100ms)");
        }
        if (least.toMillis() < 100) {
            throw new IllegalArgumentException("least: " + least.toMillis() + "ms (expected: at least 100ms)");
        }
        if (hold.isNegative()) {
            throw new IllegalArgumentException("hold: " + hold.toMillis() + "ms (expected: 0s or more)");
        }
        if (servers.size() > MOST_SERVERS) {
            throw new IllegalArgumentException(
                    "servers: " + servers.size() + " of them (expected: at most " + MOST_SERVERS + ")");
        }
        for (String server : servers) {
            var _ = NameServers.address(server)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "servers: " + server + " (expected: HOST[:PORT] with a numeric host, such as 10.0.0.2)"));
        }
    }

    /**
     * Reads the options {@code discover-dns-...}.
     *
     * @throws ConfigException when one is wrong
     */
    static DnsSettings of(Settings settings) {
        List<String> failures = new ArrayList<>();
        Optional<DnsSettings> read =
                RecordOptions.of("discover-dns", DnsSettings.class).decode(settings, failures);
        return read.orElseThrow(() -> new ConfigException(String.join("\n", failures)));
    }

    /** Returns how often names are looked up; who asks for an interval below {@code least} gets it. */
    Pace pace() {
        return new Pace(least.compareTo(interval) < 0 ? least : interval, interval);
    }

    /** Returns the name servers that were named. */
    List<InetSocketAddress> nameServers() {
        return servers.stream()
                .flatMap(server -> NameServers.address(server).stream())
                .toList();
    }
}
