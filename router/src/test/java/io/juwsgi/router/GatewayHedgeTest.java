package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A second endpoint that is asked because the first is slow; and the end of all patience. */
class GatewayHedgeTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch givenUp = new CountDownLatch(1);

    /** Takes the request, and sees the connection end. */
    private FakeServer slow() {
        return new FakeServer(peer -> {
            peer.head();
            asked.incrementAndGet();
            peer.awaitEnd();
            givenUp.countDown();
        });
    }

    private static RouterFixture gateway(String more, FakeServer... servers) {
        StringBuilder addresses = new StringBuilder();
        for (FakeServer server : servers) {
            addresses.append(addresses.isEmpty() ? "" : "|").append(server.address());
        }
        return RouterFixture.http(
                Apps.text("own application"),
                "log-format=%(status) %(why) %(tries)",
                "http-processes=1",
                "upstreams=name=app,protocol=http,servers=" + addresses + more,
                "routes=name=all,upstream=app");
    }

    private static String send(RouterFixture gateway, String request) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send(request).rest();
        }
    }

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    private static EndpointStats endpoint(RouterFixture gateway, int index) {
        return gateway.router.upstreamStats().getFirst().endpoints().get(index);
    }

    private static void awaitFailure(RouterFixture gateway, int index) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (endpoint(gateway, index).failures() == 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void theQuickerOneAnswersAndTheSlowOneIsGivenUpWithoutBlame() throws Exception {
        try (FakeServer slow = slow();
                FakeServer quick = FakeServer.http("quick");
                RouterFixture gateway = gateway(",hedge=20ms", slow, quick)) {
            assertThat(send(gateway, GET)).startsWith("HTTP/1.1 200").endsWith("quick");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
            EndpointStats loser = endpoint(gateway, 0);
            assertThat(loser.failures()).isZero();
            assertThat(loser.inFlight()).isZero();
            assertThat(endpoint(gateway, 1).hedges()).isEqualTo(1);
            assertThat(endpoint(gateway, 1).failures()).isZero();
        }
    }

    @Test
    void theFirstOneMayStillAnswerFirst() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        try (FakeServer first = new FakeServer(peer -> {
                    peer.head();
                    second.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
                });
                FakeServer other = new FakeServer(peer -> {
                    peer.head();
                    second.countDown();
                    peer.awaitEnd();
                    givenUp.countDown();
                });
                RouterFixture gateway = gateway(",hedge=20ms", first, other)) {
            assertThat(send(gateway, GET)).endsWith("first");
            assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(endpoint(gateway, 1).failures()).isZero();
            assertThat(endpoint(gateway, 1).inFlight()).isZero();
        }
    }

    @Test
    void whenTheFirstOneFailsTheSecondGoesOn() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        try (FakeServer first = new FakeServer(peer -> {
                    peer.head();
                    second.await();
                    peer.reset();
                });
                FakeServer other = new FakeServer(peer -> {
                    peer.head();
                    second.countDown();
                    failed.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother");
                });
                RouterFixture gateway = gateway(",hedge=20ms", first, other);
                Wire client = gateway.connect()) {
            client.send(GET);
            awaitFailure(gateway, 0);
            failed.countDown();
            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("other");
        }
    }

    @Test
    void whenTheSecondOneFailsTheFirstGoesOn() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (FakeServer first = new FakeServer(peer -> {
                    peer.head();
                    failed.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst");
                });
                FakeServer other = new FakeServer(peer -> {
                    peer.head();
                    peer.reset();
                });
                RouterFixture gateway = gateway(",hedge=20ms", first, other);
                Wire client = gateway.connect()) {
            client.send(GET);
            awaitFailure(gateway, 1);
            failed.countDown();
            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("first");
            assertThat(endpoint(gateway, 0).failures()).isZero();
        }
    }

    @Test
    void aBodyThatWasGatheredGoesToBoth() throws Exception {
        try (FakeServer slow = slow();
                FakeServer quick = new FakeServer(peer -> {
                    peer.head();
                    peer.read(4);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nquick");
                });
                RouterFixture gateway = gateway(",hedge=20ms", slow, quick)) {
            assertThat(send(gateway, "PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody"))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("quick");
        }
    }

    @Test
    void whatIsNotIdempotentOrNotInTheBudgetIsAskedOnce() throws Exception {
        String post = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        for (String[] one : new String[][] {{post, "hedge=20ms"}, {GET, "hedge=20ms,tries=1"}, {GET, "hedge=off"}}) {
            try (FakeServer slow = slow();
                    FakeServer quick = FakeServer.http("quick");
                    RouterFixture gateway = gateway(",total-timeout=150ms," + one[1], slow, quick)) {
                assertThat(send(gateway, one[0])).startsWith("HTTP/1.1 504");
                assertThat(endpoint(gateway, 1).hedges()).isZero();
            }
        }
    }

    @Test
    void aRequestIsOverWhenTheTimeOfAllTriesIs() throws Exception {
        try (FakeServer slow = slow();
                RouterFixture gateway = gateway(",total-timeout=100ms,timeout=1h", slow)) {
            assertThat(send(gateway, GET)).startsWith("HTTP/1.1 504").contains("No server answered in time.");
            assertThat(gateway.logLine()).isEqualTo("504 upstream-total-timeout 1");
            assertThat(givenUp.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(endpoint(gateway, 0).failures()).isEqualTo(1);
        }
    }
}
