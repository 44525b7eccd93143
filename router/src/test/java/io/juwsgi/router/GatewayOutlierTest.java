package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that do worse than others, over real connections, and what is told of it. */
class GatewayOutlierTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static RouterFixture gateway(String more, FakeServer... servers) {
        StringBuilder addresses = new StringBuilder();
        for (FakeServer server : servers) {
            addresses.append(addresses.isEmpty() ? "" : "|").append(server.address());
        }
        return RouterFixture.gateway(
                Map.of(),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,protocol=http,servers=" + addresses + ",eject-time=1h,retry-budget=100" + more,
                "routes=name=all,upstream=app");
    }

    private static String get(RouterFixture gateway) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    private static EndpointStats untilItRests(RouterFixture gateway) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            assertThat(get(gateway)).startsWith("HTTP/1.1 200");
            EndpointStats first =
                    gateway.router.upstreamStats().getFirst().endpoints().getFirst();
            if (first.state().equals("resting")) {
                return first;
            }
            assertThat(System.nanoTime()).as("%s", first).isLessThan(deadline);
        }
    }

    @Test
    void whoFailsEverySecondRequestRests() throws Exception {
        AtomicInteger count = new AtomicInteger();
        FakeServer.Script everySecond = peer -> {
            peer.head();
            if (count.incrementAndGet() % 2 == 0) {
                peer.reset();
            } else {
                peer.send(ANSWER);
            }
        };
        try (FakeServer flapping = new FakeServer(everySecond);
                FakeServer good = FakeServer.http("ok");
                RouterFixture gateway = gateway(",keepalive=0", flapping, good)) {
            EndpointStats stats = untilItRests(gateway);
            assertThat(stats.why()).isEqualTo("error-share");
            assertThat(stats.ejectionReasons()).isEqualTo(Map.of("error-share", 1L));
            assertThat(stats.failureReasons()).isEqualTo(Map.of("upstream-reset", stats.failures()));
            assertThat(stats.lastEjection()).hasValueSatisfying(last -> {
                assertThat(last.reason()).isEqualTo("error-share");
                assertThat(last.millis()).isEqualTo(3_600_000);
                assertThat(last.atSeconds()).isBetween(System.currentTimeMillis() / 1000 - 120, Long.MAX_VALUE);
            });
        }
    }

    @Test
    void whoIsSlowRestsWhenThatIsWanted() throws Exception {
        FakeServer.Script slow = peer -> {
            while (peer.head() != null) {
                TimeUnit.MILLISECONDS.sleep(40);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        };
        try (FakeServer late = new FakeServer(slow);
                FakeServer one = FakeServer.http("ok");
                FakeServer two = FakeServer.http("ok");
                RouterFixture gateway = gateway(",eject-slow=3", late, one, two)) {
            EndpointStats stats = untilItRests(gateway);
            assertThat(stats.why()).isEqualTo("slow");
            assertThat(stats.ejectionReasons()).isEqualTo(Map.of("slow", 1L));
            assertThat(stats.answers().count()).isGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void whoTakesNoConnectionIsA504ThatSaysSo() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = new ArrayList<>();
            // Linux keeps one more than the backlog says, and answers no others.
            while (waiting.size() < 2) {
                waiting.add(new Socket(full.getInetAddress(), full.getLocalPort()));
            }
            try (RouterFixture gateway = RouterFixture.gateway(
                    Map.of(),
                    "log-format=%(status) %(why) %(tries)",
                    "upstreams=name=app,protocol=http,connect-timeout=200ms,tries=1,servers=127.0.0.1:"
                            + full.getLocalPort(),
                    "routes=name=all,upstream=app")) {
                assertThat(get(gateway)).startsWith("HTTP/1.1 504");
                assertThat(gateway.logLine()).isEqualTo("504 upstream-connect-timeout 1");
            } finally {
                for (Socket one : waiting) {
                    one.close();
                }
            }
        }
    }

    @Test
    void whoCannotBeReachedIsA502ThatSaysSo() throws Exception {
        try (RouterFixture gateway = RouterFixture.gateway(
                Map.of(),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,protocol=http,tries=1,servers=/nowhere/juwsgi.sock",
                "routes=name=all,upstream=app")) {
            assertThat(get(gateway)).startsWith("HTTP/1.1 502");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-unreachable 1");
        }
    }
}
