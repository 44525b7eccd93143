package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.upstream.UpstreamStats.EndpointStats;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are passed on over HTTP/2, to another router of ours. */
@Timeout(120)
class GatewayHttp2Test {

    private static RouterFixture behind(Handler handler) {
        return RouterFixture.http(handler, "trusted-proxies=192.0.2.1");
    }

    private static RouterFixture gateway(String more, RouterFixture... behind) {
        StringBuilder servers = new StringBuilder();
        for (RouterFixture one : behind) {
            servers.append(servers.isEmpty() ? "" : "|")
                    .append("h2c://127.0.0.1:")
                    .append(one.port());
        }
        return RouterFixture.http(
                Apps.text("own application"),
                "trusted-proxies=192.0.2.1",
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,servers=" + servers + more,
                "routes=name=all,upstream=app");
    }

    private static String get(RouterFixture gateway) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    private static EndpointStats endpoint(RouterFixture gateway) {
        return gateway.router.upstreamStats().getFirst().endpoints().getFirst();
    }

    @Test
    void requestsArriveWithTheirFieldsAndWithoutThoseOfTheConnection() throws Exception {
        try (RouterFixture behind = behind(Apps.mirror());
                RouterFixture gateway = gateway("", behind);
                Wire client = gateway.connect()) {
            client.send(
                    "POST /a%20b?c=d HTTP/1.1\r\nHost: example.org\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n"
                            + "X-Own: yes\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.response())
                    .startsWith("HTTP/1.1 200 ")
                    .contains(
                            "SERVER_PROTOCOL=HTTP/2.0\n",
                            "REQUEST_URI=/a%20b?c=d\n",
                            "HTTP_HOST=example.org\n",
                            "HTTP_X_OWN=yes\n",
                            "CONTENT_LENGTH=4\n",
                            "HTTP_VIA=1.1 juwsgi\n")
                    .doesNotContain("HTTP_X_MINE", "HTTP_CONNECTION")
                    .contains("\n\nbody");
        }
    }

    @Test
    void largeBodiesGoBothWaysWithinTheWindows() throws Exception {
        String large = "z".repeat(3_000_000);
        try (RouterFixture behind = behind(Apps.echo());
                RouterFixture gateway = gateway("", behind);
                Wire client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + large.length()
                    + "\r\n\r\n" + large);
            assertThat(client.rest()).endsWith("\r\n\r\n" + large);
        }
    }

    @Test
    void manyRequestsShareOneConnection() throws Exception {
        int count = 20;
        CountDownLatch all = new CountDownLatch(count);
        Queue<Exchange> held = new ConcurrentLinkedQueue<>();
        try (RouterFixture behind = behind(exchange -> {
                    held.add(exchange);
                    all.countDown();
                });
                RouterFixture gateway = gateway("", behind);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                answers.add(clients.submit(() -> get(gateway)));
            }
            assertThat(all.await(60, TimeUnit.SECONDS)).as("all are under way").isTrue();
            held.forEach(exchange -> exchange.eventLoop().execute(() -> Apps.answer(exchange, 200, "done")));
            for (Future<String> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).endsWith("done");
            }
            // Each event loop of the gateway has its own.
            assertThat(behind.router.stats().listeners().getFirst().accepted()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void trailersReachClientsThatTakeThem() throws Exception {
        Handler grpc = exchange -> {
            exchange.response().head(new Response(200, "OK", Fields.of("Content-Type", "application/grpc")));
            exchange.response().data(Chunk.of(new byte[] {'h', 'i'}));
            exchange.response().trailers(Fields.of("Grpc-Status", "0", "Content-Length", "9", "X-Te", "x"));
            exchange.response().end();
        };
        try (RouterFixture behind = behind(grpc);
                RouterFixture gateway = gateway("", behind);
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, close\r\n\r\n");
            assertThat(client.rest())
                    .contains("content-type: application/grpc", "\r\n\r\n2\r\nhi\r\n0\r\ngrpc-status: 0\r\n")
                    .doesNotContain("length: 9");
            try (Wire other = gateway.connect()) {
                other.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                assertThat(other.rest()).contains("\r\n\r\n").doesNotContain("grpc-status");
            }
        }
    }

    @Test
    void aSlowClientHoldsItsStreamBackAndNoOther() throws Exception {
        Apps.Producer producer = new Apps.Producer(1024);
        try (RouterFixture behind = behind(exchange -> {
                    if (exchange.request().path().equals("/large")) {
                        producer.handle(exchange);
                    } else {
                        Apps.answer(exchange, 200, "small");
                    }
                });
                RouterFixture gateway = gateway("", behind);
                Wire slow = gateway.connect()) {
            slow.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .head();
            long before = -1;
            while (before != producer.produced.get()) {
                before = producer.produced.get();
                TimeUnit.MILLISECONDS.sleep(200);
            }
            assertThat(before).isLessThan(700);
            for (int i = 0; i < 10; i++) {
                assertThat(get(gateway)).endsWith("small");
            }
            assertThat(slow.rest().length()).isGreaterThan(1024 * Apps.Producer.CHUNK);
        }
    }

    @Test
    void whatAServerThatStopsGivesBackIsAskedElsewhere() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        try (RouterFixture one = behind(Apps.text("one"));
                RouterFixture two = behind(Apps.text("two"));
                RouterFixture gateway = gateway("", one, two)) {
            for (int i = 0; i < 100; i++) {
                if (i == 30) {
                    one.router.drain(java.time.Duration.ofSeconds(5));
                }
                failed.addAndGet(get(gateway).startsWith("HTTP/1.1 200") ? 0 : 1);
            }
            assertThat(failed).hasValue(0);
        }
    }

    @Test
    void aConnectionThatEndsInTheMiddleIsTriedAgainOrCut() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        try (RouterFixture dying = behind(exchange -> came.countDown());
                RouterFixture good = behind(Apps.text("good"));
                RouterFixture gateway = gateway("", dying, good);
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(came.await(60, TimeUnit.SECONDS)).isTrue();
            dying.close();
            assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("good");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
    }

    @Test
    void aClientThatGoesAwayEndsItsStream() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        try (RouterFixture behind = behind(exchange -> {
                    exchange.onEnd(ended::countDown);
                    came.countDown();
                });
                RouterFixture gateway = gateway("", behind)) {
            try (Wire client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(came.await(60, TimeUnit.SECONDS)).isTrue();
                client.socket().setSoLinger(true, 0);
            }
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(endpoint(gateway).inFlight()).isZero();
        }
    }

    @Test
    void aServerThatSpeaksNoHttp2IsA502() throws Exception {
        try (FakeServer http1 = new FakeServer(peer -> {
                    peer.read(24);
                    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
                    peer.awaitEnd();
                });
                RouterFixture gateway = RouterFixture.http(
                        Apps.text("own"),
                        "log-format=%(status) %(why) %(tries)",
                        "upstreams=name=app,tries=1,servers=h2c://" + http1.address(),
                        "routes=name=all,upstream=app")) {
            assertThat(get(gateway)).startsWith("HTTP/1.1 502");
            assertThat(gateway.logLine()).startsWith("502 upstream-");
        }
    }

    @Test
    void aStreamWithoutAnswerIsOverInTime() throws Exception {
        try (RouterFixture silent = behind(exchange -> {});
                RouterFixture gateway = gateway(",timeout=300ms,tries=1", silent)) {
            assertThat(get(gateway)).startsWith("HTTP/1.1 504");
            assertThat(gateway.logLine()).isEqualTo("504 upstream-timeout 1");
        }
    }
}
