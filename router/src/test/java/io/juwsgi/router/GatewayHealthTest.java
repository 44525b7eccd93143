package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import io.juwsgi.spi.balance.HealthCheck;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Endpoints that checks find ill, limits of endpoints, and the numbers that tell of it. */
class GatewayHealthTest {
    private final Set<String> ill = ConcurrentHashMap.newKeySet();
    private final HealthCheck check = target -> {
        if (ill.contains(target.address())) {
            throw new IOException("ill");
        }
    };

    private RouterFixture gateway(String more, FakeServer... servers) {
        StringBuilder addresses = new StringBuilder();
        for (FakeServer server : servers) {
            addresses.append(addresses.isEmpty() ? "" : "|").append(server.address());
        }
        return RouterFixture.gateway(
                Map.of("check-fake", check),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,protocol=http,servers=" + addresses + more,
                "routes=name=all,upstream=app");
    }

    private static String get(RouterFixture gateway) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    private static EndpointStats endpoint(RouterFixture gateway, int index) {
        return gateway.router.upstreamStats().getFirst().endpoints().get(index);
    }

    private static void await(RouterFixture gateway, int index, Predicate<EndpointStats> wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!wanted.test(endpoint(gateway, index))) {
            assertThat(System.nanoTime()).as("%s", endpoint(gateway, index)).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static final String CHECKED = ",check=fake,check-interval=20ms,rise=2,fall=2";

    @Test
    void whomChecksFindIllGetsNothingUntilItIsWell() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                FakeServer two = FakeServer.http("two");
                RouterFixture gateway = gateway(CHECKED, one, two)) {
            ill.add(one.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            for (int i = 0; i < 6; i++) {
                assertThat(get(gateway)).endsWith("two");
            }
            ill.clear();
            await(gateway, 0, stats -> stats.state().equals("up"));
            assertThat(get(gateway) + get(gateway)).contains("one", "two");
        }
    }

    @Test
    void allDownIsA503ThatSaysSo() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                RouterFixture gateway = gateway(CHECKED, one)) {
            ill.add(one.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            assertThat(get(gateway))
                    .startsWith("HTTP/1.1 503")
                    .contains("Retry-After: ", "No server is available to answer this request.");
            assertThat(gateway.logLine()).isEqualTo("503 no-endpoint 0");
        }
    }

    @Test
    void aRequestThatWouldBeLostIsGivenToWhoWasIllAMomentAgo() throws Exception {
        try (FakeServer one = FakeServer.http("answer");
                FakeServer two = FakeServer.http("answer");
                FakeServer killed = FakeServer.http("answer");
                RouterFixture gateway = gateway(CHECKED, one, two, killed)) {
            ill.add(one.address());
            ill.add(two.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            await(gateway, 1, stats -> stats.state().equals("down"));
            killed.close();
            assertThat(get(gateway)).startsWith("HTTP/1.1 200").endsWith("answer");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
    }

    @Test
    void whoseLastCheckWasGoodIsAskedBeforeARequestFails() throws Exception {
        try (FakeServer one = FakeServer.http("answer");
                RouterFixture gateway = gateway(CHECKED.replace("rise=2", "rise=1000000"), one)) {
            ill.add(one.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            ill.clear();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!get(gateway).endsWith("answer")) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            assertThat(endpoint(gateway, 0).state()).isEqualTo("down");
        }
    }

    @Test
    void theLastOneThatIsWellDoesNotRest() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                FakeServer two = new FakeServer(FakeServer.Peer::reset);
                RouterFixture gateway = gateway(CHECKED + ",max-fails=2,eject-time=1h,tries=1", one, two)) {
            ill.add(one.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            for (int i = 0; i < 5; i++) {
                assertThat(get(gateway)).startsWith("HTTP/1.1 502");
            }
            assertThat(endpoint(gateway, 1).state()).isEqualTo("up");
        }
    }

    @Test
    void withMostOfThemIllAllAreAsked() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                FakeServer two = FakeServer.http("two");
                RouterFixture gateway = gateway(CHECKED + ",panic=40", one, two)) {
            ill.add(one.address());
            await(gateway, 0, stats -> stats.state().equals("down"));
            assertThat(get(gateway) + get(gateway)).doesNotContain("one");
            ill.add(two.address());
            await(gateway, 1, stats -> stats.state().equals("down"));
            assertThat(get(gateway) + get(gateway)).contains("one", "two");
        }
    }

    @Test
    void aCheckWithoutAnswerIsOverInTime() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                RouterFixture gateway = RouterFixture.gateway(
                        Map.of("check-fake", target -> new CountDownLatch(1).await()),
                        "upstreams=name=app,protocol=http,check=fake,check-interval=20ms,check-timeout=50ms,servers="
                                + one.address())) {
            await(gateway, 0, stats -> stats.state().equals("down"));
        }
    }

    @Test
    void whoHasAsManyRequestsAsItMayGetsNoMore() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FakeServer slow = new FakeServer(peer -> {
                    peer.head();
                    came.countDown();
                    go.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
                });
                RouterFixture gateway = gateway(",max-requests=1", slow);
                Wire first = gateway.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(get(gateway)).startsWith("HTTP/1.1 503").contains("Too many requests", "Retry-After: ");
            assertThat(gateway.logLine()).isEqualTo("503 upstream-full 0");
            assertThat(endpoint(gateway, 0).inFlight()).isEqualTo(1);
            go.countDown();
            assertThat(first.response()).endsWith("slow");
            await(gateway, 0, stats -> stats.inFlight() == 0);
        }
    }

    /** Answers each request when it is let go. */
    private static FakeServer held(CountDownLatch came, CountDownLatch go) {
        return new FakeServer(peer -> {
            while (peer.head() != null) {
                came.countDown();
                go.await();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
            }
        });
    }

    @Test
    void whoFindsAllFullWaitsForItsTurn() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FakeServer slow = held(came, go);
                RouterFixture gateway = gateway(",max-requests=1,queue=10,queue-time=60s", slow);
                Wire first = gateway.connect();
                Wire second = gateway.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
            second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            go.countDown();
            assertThat(first.response()).endsWith("done");
            assertThat(second.response()).endsWith("done");
        }
    }

    @Test
    void whoWaitsTooLongIsToldSo() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FakeServer slow = held(came, go);
                RouterFixture gateway = gateway(",max-requests=1,queue=1,queue-time=100ms", slow);
                Wire first = gateway.connect()) {
            first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(get(gateway)).startsWith("HTTP/1.1 503").contains("Retry-After: ");
            assertThat(gateway.logLine()).isEqualTo("503 upstream-queue-timeout 0");
            go.countDown();
            assertThat(first.response()).endsWith("done");
        }
    }

    @Test
    void theMostUrgentOfThoseThatWaitIsNext() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        StringBuffer order = new StringBuffer();
        try (FakeServer slow = new FakeServer(peer -> {
                    for (String head = peer.head(); head != null; head = peer.head()) {
                        came.countDown();
                        go.await();
                        order.append(head, 5, 6);
                        peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                    }
                });
                RouterFixture gateway = RouterFixture.http(
                        Apps.text("own"),
                        // Each event loop has a queue of its own.
                        "http-processes=1",
                        "upstreams=name=app,protocol=http,max-requests=1,queue=10,queue-time=60s,queue-priority=true,servers="
                                + slow.address(),
                        "routes=name=all,upstream=app");
                Wire first = gateway.connect();
                Wire low = gateway.connect();
                Wire high = gateway.connect()) {
            first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
            low.send("GET /2 HTTP/1.1\r\nHost: a\r\nPriority: u=7\r\n\r\n");
            awaitWaiting(gateway, 1);
            high.send("GET /3 HTTP/1.1\r\nHost: a\r\nPriority: u=0, i\r\n\r\n");
            awaitWaiting(gateway, 2);
            go.countDown();
            assertThat(first.response()).endsWith("done");
            assertThat(high.response()).endsWith("done");
            assertThat(low.response()).endsWith("done");
            assertThat(order).hasToString("132");
        }
    }

    private static void awaitWaiting(RouterFixture gateway, int wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (gateway.router.upstreamStats().getFirst().waiting() != wanted) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void aRequestWaitsForAServerThatStartsAgain() throws Exception {
        int port = FakeServer.closedPort();
        try (RouterFixture gateway = RouterFixture.http(
                        Apps.text("own"),
                        "log-format=%(status) %(why) %(tries)",
                        "upstreams=name=app,protocol=http,max-fails=0,queue=10,queue-time=60s,servers=127.0.0.1:"
                                + port,
                        "routes=name=all,upstream=app");
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            while (endpoint(gateway, 0).failures() < 3) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            try (FakeServer _ = new FakeServer(port, peer -> {
                peer.head();
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nback");
            })) {
                assertThat(client.response()).endsWith("back");
            }
        }
    }

    @Test
    void repetitionsHaveABudget() throws Exception {
        FakeServer.Script reset = peer -> {
            peer.head();
            peer.reset();
        };
        try (FakeServer one = new FakeServer(reset);
                FakeServer two = new FakeServer(reset);
                RouterFixture gateway = gateway(",retry-budget=0,max-fails=0,tries=2", one, two)) {
            for (int i = 0; i < 150; i++) {
                assertThat(get(gateway)).startsWith("HTTP/1.1 502");
            }
            assertThat(endpoint(gateway, 0).retries() + endpoint(gateway, 1).retries())
                    .as("what there is at first")
                    .isEqualTo(100);
            assertThat(endpoint(gateway, 0).failures() + endpoint(gateway, 1).failures())
                    .isEqualTo(250);
        }
    }

    @Test
    void numbersTellOfEachEndpoint() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                RouterFixture gateway = gateway("", one)) {
            for (int i = 0; i < 10; i++) {
                get(gateway);
            }
            await(gateway, 0, stats -> stats.inFlight() == 0);
            EndpointStats stats = endpoint(gateway, 0);
            assertThat(stats.requests()).isEqualTo(10);
            assertThat(stats.failures()).isZero();
            assertThat(stats.medianMicros()).isPositive();
            assertThat(stats.p99Micros()).isGreaterThanOrEqualTo(stats.medianMicros());
        }
    }
}
