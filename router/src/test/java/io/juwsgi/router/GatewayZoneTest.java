package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Servers of the gateway's own zone come first. */
class GatewayZoneTest {

    private static String get(RouterFixture gateway) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
        }
    }

    @Test
    void theOwnZoneAnswersUntilItCannot() throws Exception {
        try (FakeServer near = FakeServer.http("near");
                FakeServer far = FakeServer.http("far");
                RouterFixture gateway = RouterFixture.http(
                        Apps.text("own"),
                        "zone=a",
                        "upstreams=name=app,protocol=http,servers=" + far.address() + " zone=b|" + near.address()
                                + " zone=a",
                        "routes=name=all,upstream=app")) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(gateway)).endsWith("near");
            }
            near.close();
            assertThat(get(gateway)).startsWith("HTTP/1.1 200").endsWith("far");
        }
    }

    @Test
    void aFullZoneSpillsOver() throws Exception {
        try (FakeServer near = new FakeServer(FakeServer.Peer::awaitEnd);
                FakeServer far = FakeServer.http("far");
                RouterFixture gateway = RouterFixture.http(
                        Apps.text("own"),
                        "zone=a",
                        "upstreams=name=app,protocol=http,max-requests=1,servers=" + far.address() + " zone=b|"
                                + near.address() + " zone=a",
                        "routes=name=all,upstream=app");
                Wire waiting = gateway.connect()) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            while (gateway.router.upstreamStats().getFirst().endpoints().get(1).inFlight() == 0) {
                Thread.sleep(5);
            }
            assertThat(get(gateway)).endsWith("far");
        }
    }
}
