package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import io.juwsgi.spi.exchange.Exchange;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class DeadlineTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static RouterFixture http(String... more) {
        return RouterFixture.http(Apps.echo(), more);
    }

    @Test
    void answers408WhenTheHeadStops() throws Exception {
        try (RouterFixture router = http("http-timeout=1");
                Wire client = router.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHo").rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=head-timeout");
        }
    }

    @Test
    void answers408WhenASmallBodyStops() throws Exception {
        try (RouterFixture router = http("http-timeout=1");
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
            assertThat(client.rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-timeout");
        }
    }

    @Test
    void answers408WhenALargeBodyStops() throws Exception {
        try (RouterFixture router = http("http-timeout=1");
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n")
                    .send(new byte[100_000]);
            assertThat(client.rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-timeout");
        }
    }

    /** What came last is the end of a chunk, of which no handler hears. */
    @Test
    void answers408WhenALargeBodyStopsBetweenChunks() throws Exception {
        try (RouterFixture router = http("http-timeout=1");
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n186a0\r\n"
                    + "z".repeat(100_000) + "\r\n");
            assertThat(client.rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-timeout");
        }
    }

    @Test
    void answers408WhenAPacketStops() throws Exception {
        byte[] packet = new UwsgiPacket().add("A", "b").bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(Apps.echo(), "http-timeout=1");
                Wire client = router.connect()) {
            client.send(java.util.Arrays.copyOf(packet, 6));
            assertThat(client.rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
    }

    @Test
    void socketTimeoutHoldsForSocketsAlone() throws Exception {
        try (RouterFixture router = RouterFixture.uwsgi(Apps.echo(), "socket-timeout=1", "http-timeout=600");
                Wire client = router.connect()) {
            client.send(new byte[] {0, 9, 0});
            assertThat(client.rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
        try (RouterFixture router = http("socket-timeout=600", "http-timeout=1");
                Wire client = router.connect()) {
            assertThat(client.send("GET / HTTP/1.1\r\nHo").rest()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
        }
    }

    @Test
    void closesAnIdleConnectionSilently() throws Exception {
        try (RouterFixture router = http("http-keepalive=2");
                Wire client = router.connect()) {
            client.send(GET).response();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void closesAConnectionThatNeverSaysAnything() throws Exception {
        try (RouterFixture router = http("http-timeout=1");
                Wire client = router.connect()) {
            assertThat(client.rest()).isEmpty();
            assertThat(router.log).isEmpty();
        }
    }

    @Test
    void wordsTurnKeepAliveOnAndOff() throws Exception {
        try (RouterFixture router = http("http-keepalive=true");
                Wire client = router.connect()) {
            assertThat(client.send(GET).response()).startsWith("HTTP/1.1 200 ").doesNotContain("Connection: close");
        }
        try (RouterFixture router = http("http-keepalive=Off");
                Wire client = router.connect()) {
            assertThat(client.send(GET).rest()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
        }
    }

    @Test
    void keepsNoConnectionWhenKeepAliveIsOff() throws Exception {
        try (RouterFixture router = http("http-keepalive=0");
                Wire client = router.connect()) {
            assertThat(client.send(GET).rest()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
        }
    }

    private static final String[] SLOW = {
        "http-body-min-rate=1000", "http-response-min-rate=1000000", "http-min-rate-grace=1"
    };

    /** Sends a byte every few milliseconds, which no time-out without progress ever notices. */
    private static void drip(Wire client) {
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.send("x");
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // The server has had enough.
            }
        });
    }

    @Test
    void answers408WhenASmallBodyIsTooSlow() throws Exception {
        try (RouterFixture router = http(SLOW);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n");
            drip(client);
            assertThat(client.head()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-too-slow");
        }
    }

    @Test
    void answers408WhenAChunkedBodyIsTooSlow() throws Exception {
        try (RouterFixture router = http(SLOW);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40000\r\n");
            drip(client);
            assertThat(client.head()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-too-slow");
        }
    }

    @Test
    void answers408WhenABodyOverUwsgiIsTooSlow() throws Exception {
        byte[] packet = new UwsgiPacket().add("CONTENT_LENGTH", "50000").bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(Apps.echo(), SLOW);
                Wire client = router.connect()) {
            client.send(packet);
            drip(client);
            assertThat(client.head()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(router.logLine()).contains("why=body-too-slow");
        }
    }

    @Test
    void timeThatTheHandlerTakesIsNotTheClients() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        try (RouterFixture router = RouterFixture.http(Apps.hold(held, came), SLOW);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
                    .send(new byte[70_000]);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            // Longer than the grace, and no byte moves.
            Exchange exchange = held.get();
            CountDownLatch waited = new CountDownLatch(1);
            try (var timer = Executors.newSingleThreadScheduledExecutor()) {
                var _ = timer.schedule(waited::countDown, 2, TimeUnit.SECONDS);
                waited.await();
            }
            exchange.eventLoop()
                    .execute(() -> Apps.collect(exchange, body -> Apps.answer(exchange, 200, "" + body.length())));
            assertThat(client.send(new byte[30_000]).response()).endsWith("\r\n\r\n100000");
        }
    }

    @Test
    void cutsAClientThatReadsTooSlowly() throws Exception {
        Apps.Producer endless = new Apps.Producer(Long.MAX_VALUE);
        try (RouterFixture router = RouterFixture.http(endless, SLOW);
                Wire client = router.connect()) {
            client.send(GET).head();
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.read(64 * 1024);
                        Thread.sleep(200);
                    }
                } catch (IOException | InterruptedException e) {
                    // The server has had enough.
                }
            });
            assertThat(router.logLine()).contains("why=client-reads-too-slowly");
            reader.join();
        }
    }

    @Test
    void cutsAClientThatDoesNotRead() throws Exception {
        Apps.Producer endless = new Apps.Producer(Long.MAX_VALUE);
        try (RouterFixture router = RouterFixture.http(endless, "http-timeout=1");
                Wire client = router.connect()) {
            client.send(GET).head();
            assertThat(router.logLine()).contains("why=client-does-not-read");
        }
    }
}
