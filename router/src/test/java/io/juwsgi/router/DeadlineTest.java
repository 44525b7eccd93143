package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
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
    void keepsNoConnectionWhenKeepAliveIsOff() throws Exception {
        try (RouterFixture router = http("http-keepalive=0");
                Wire client = router.connect()) {
            assertThat(client.send(GET).rest()).startsWith("HTTP/1.1 200 ").contains("Connection: close\r\n");
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
