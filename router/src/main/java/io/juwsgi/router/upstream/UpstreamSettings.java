package io.juwsgi.router.upstream;

import io.juwsgi.config.typed.Default;
import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
 * @param websockets whether WebSockets are passed on
 * @param tunnelTimeout how long a WebSocket may be silent
 * @param proxyProtocol whether servers are told of the client by a PROXY header
 * @param tls whether connections are encrypted to servers whose address does not say it
 * @param tlsVerify whether certificates are checked
 * @param tlsCa who vouches for certificates; those that the system trusts when empty
 * @param tlsCertificate the certificate that is shown to servers
 * @param tlsKey the private key of that certificate
 * @param tlsName whom certificates must be for; empty for the name in the server's address
 * @param modifier1 modifier1 of uwsgi requests; -1 for the client's
 * @param modifier2 modifier2 of uwsgi requests; -1 for the client's
 * @param root for FastCGI, the directory of the scripts as the server sees it
 * @param script for FastCGI, the script for all paths that name none
 * @param maxRequests how many requests an endpoint may have under way, 0 for no limit
 * @param fleet through what all gateways share {@code maxRequests}, by the extension's id; each has it for itself when empty
 * @param adaptive whether the number of requests that an endpoint may have under way is learned from its latency
 * @param queue how many requests may wait for an endpoint on each event loop; 0 for none
 * @param queueTime how long each may wait
 * @param queuePriority whether requests with a lower urgency in their Priority field go first
 * @param retryBudget how many requests may be tried again, in per cent of all; what never reached an endpoint is not counted
 * @param totalTimeout how long after its beginning a request must have an answer, whatever is tried; no bound when empty
 * @param hedge when another endpoint is asked too because the first is slow, as {@link HedgeDelay} reads it
 * @param check the health check's id; no checks when empty
 * @param checkInterval how often each endpoint is asked
 * @param checkTimeout how long its answer may take
 * @param checkPath the path that is asked for
 * @param checkHost the host that is asked for
 * @param rise how many good answers in a row bring an endpoint back
 * @param fall how many bad answers in a row take an endpoint out
 * @param panic with fewer well endpoints than this, in per cent, nobody's health counts; 0 for never
 * @param maxFails how many failures in a row make an endpoint rest
 * @param ejectTime how long it rests at first
 * @param ejectErrors from which share of its requests that fail an endpoint rests when it is worse than the others, in per cent;
 *     0 for never
 * @param ejectSlow an endpoint rests whose answers take so many times as long as those of the others; 0 for never
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
        @Default("true") boolean websockets,
        @Default("1h") Duration tunnelTimeout,
        @Default("off") ProxyProtocol proxyProtocol,
        @Default("false") boolean tls,
        @Default("true") boolean tlsVerify,
        Optional<Path> tlsCa,
        Optional<Path> tlsCertificate,
        Optional<Path> tlsKey,
        @Default("") String tlsName,
        @Default("-1") int modifier1,
        @Default("-1") int modifier2,
        @Default("") String root,
        @Default("") String script,
        @Default("0") int maxRequests,
        Optional<String> fleet,
        @Default("false") boolean adaptive,
        @Default("0") int queue,
        @Default("1s") Duration queueTime,
        @Default("false") boolean queuePriority,
        @Default("20") int retryBudget,
        Optional<Duration> totalTimeout,
        @Default("off") String hedge,
        Optional<String> check,
        @Default("5s") Duration checkInterval,
        @Default("2s") Duration checkTimeout,
        @Default("/") String checkPath,
        @Default("localhost") String checkHost,
        @Default("2") int rise,
        @Default("3") int fall,
        @Default("0") int panic,
        @Default("5") int maxFails,
        @Default("10s") Duration ejectTime,
        @Default("50") int ejectErrors,
        @Default("0") int ejectSlow,
        @Default("70") int ejectShare) {

    UpstreamSettings {
        servers = List.copyOf(servers);
        var _ = HashKey.parse(hashKey);
        var _ = HedgeDelay.parse(hedge, 0);
        totalTimeout.ifPresent(time -> positive("totalTimeout", time));
        atLeast("tries", tries, 1);
        atLeast("keepalive", keepalive, 0);
        atLeast("maxFails", maxFails, 0);
        atLeast("maxRequests", maxRequests, 0);
        if (fleet.isPresent() && maxRequests == 0) {
            throw new IllegalArgumentException(
                    "fleet: " + fleet.get() + " (expected: max-requests too, which is shared)");
        }
        atLeast("retryBudget", retryBudget, 0);
        atLeast("queue", queue, 0);
        positive("queueTime", queueTime);
        atLeast("rise", rise, 1);
        atLeast("fall", fall, 1);
        positive("checkInterval", checkInterval);
        positive("checkTimeout", checkTimeout);
        positive("connectTimeout", connectTimeout);
        positive("timeout", timeout);
        positive("tunnelTimeout", tunnelTimeout);
        if (tlsKey.isPresent() && tlsCertificate.isEmpty()) {
            throw new IllegalArgumentException("tlsKey: " + tlsKey.get() + " (expected: a tls-certificate too)");
        }
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: none (expected: at least one address)");
        }
        if (modifier1 < -1 || modifier1 > 255) {
            throw new IllegalArgumentException("modifier1: " + modifier1 + " (expected: 0 to 255)");
        }
        if (modifier2 < -1 || modifier2 > 255) {
            throw new IllegalArgumentException("modifier2: " + modifier2 + " (expected: 0 to 255)");
        }
        share("ejectShare", ejectShare);
        share("ejectErrors", ejectErrors);
        if (ejectSlow < 0 || ejectSlow == 1) {
            throw new IllegalArgumentException("ejectSlow: " + ejectSlow + " (expected: 2 or more times, or 0)");
        }
        share("panic", panic);
        oneLine("checkPath", checkPath);
        oneLine("checkHost", checkHost);
        oneLine("host", host);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: at least " + least + ")");
        }
    }

    private static void share(String name, int value) {
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 100 per cent)");
        }
    }

    private static void oneLine(String name, String value) {
        if (value.isEmpty() || value.chars().anyMatch(c -> c <= ' ' || c >= 127)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: ASCII without blanks)");
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: more than nothing, a day at most)");
        }
    }
}
