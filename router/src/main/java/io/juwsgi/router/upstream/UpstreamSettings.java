package io.juwsgi.router.upstream;

import io.juwsgi.config.typed.Default;
import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import java.time.Duration;
import java.util.List;

/**
 * One upstream as it is configured.
 *
 * @param servers its endpoints, as {@link ServerSpec} reads them
 * @param protocol what is spoken to those that do not say it themselves
 * @param balance the balancer's id
 * @param hashKey what of a request balancing by hash looks at, as {@link HashKey} reads it
 * @param slowStart how long an endpoint that comes, or comes back, takes to get its whole share
 * @param connectTimeout how long a connection may take
 * @param timeout how long an endpoint may say nothing
 * @param tries how many endpoints may be asked for one request
 * @param keepalive how many idle connections to each endpoint are kept on each event loop
 * @param keepaliveTime how long an idle connection is kept
 * @param host the Host that is sent: {@code client} for the client's, {@code endpoint} for the address, or a text
 * @param forwarded what becomes of X-Forwarded fields
 * @param modifier1 modifier1 of uwsgi requests; -1 for the client's
 * @param modifier2 modifier2 of uwsgi requests; -1 for the client's
 * @param maxFails how many failures in a row make an endpoint rest
 * @param ejectTime how long it rests at first
 * @param ejectShare how many of the endpoints may rest at a time, in per cent
 */
record UpstreamSettings(
        List<String> servers,
        @Default("uwsgi") Protocol protocol,
        @Default("round-robin") String balance,
        @Default("client") String hashKey,
        @Default("0s") Duration slowStart,
        @Default("5s") Duration connectTimeout,
        @Default("60s") Duration timeout,
        @Default("3") int tries,
        @Default("32") int keepalive,
        @Default("60s") Duration keepaliveTime,
        @Default("client") String host,
        @Default("replace") Forwarded forwarded,
        @Default("-1") int modifier1,
        @Default("-1") int modifier2,
        @Default("5") int maxFails,
        @Default("10s") Duration ejectTime,
        @Default("70") int ejectShare) {

    UpstreamSettings {
        servers = List.copyOf(servers);
        var _ = HashKey.parse(hashKey);
        atLeast("tries", tries, 1);
        atLeast("keepalive", keepalive, 0);
        atLeast("maxFails", maxFails, 0);
        positive("connectTimeout", connectTimeout);
        positive("timeout", timeout);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: none (expected: at least one address)");
        }
        if (modifier1 < -1 || modifier1 > 255) {
            throw new IllegalArgumentException("modifier1: " + modifier1 + " (expected: 0 to 255)");
        }
        if (modifier2 < -1 || modifier2 > 255) {
            throw new IllegalArgumentException("modifier2: " + modifier2 + " (expected: 0 to 255)");
        }
        if (ejectShare < 0 || ejectShare > 100) {
            throw new IllegalArgumentException("ejectShare: " + ejectShare + " (expected: 0 to 100 per cent)");
        }
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + least + ")");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: more than nothing, a day at most)");
        }
    }
}
