package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.Controllable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators may do with upstreams while the server runs. */
class GatewayControlTest {
    private static RouterFixture gateway(FakeServer... servers) {
        StringBuilder addresses = new StringBuilder();
        for (FakeServer server : servers) {
            addresses.append(addresses.isEmpty() ? "" : "|").append(server.address());
        }
        return RouterFixture.http(
                Apps.text("own application"),
                "upstreams=name=app,protocol=http,servers=" + addresses,
                "routes=name=all,upstream=app");
    }

    private static String get(RouterFixture gateway) throws IOException {
        try (Wire client = gateway.connect()) {
            String answer = client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .rest();
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }

    private static Map<String, ?> ctl(RouterFixture gateway, String... arguments) throws Exception {
        Controllable upstream = gateway.router.offering(Controllable.class).getFirst();
        assertThat(upstream.controlName()).isEqualTo("upstream");
        return upstream.control(List.of(arguments));
    }

    @Test
    void aServerIsAddedDrainedEnabledAndRemoved() throws Exception {
        try (FakeServer one = FakeServer.http("one");
                FakeServer two = FakeServer.http("two");
                RouterFixture gateway = gateway(one)) {
            assertThat(get(gateway) + get(gateway)).isEqualTo("oneone");
            ctl(gateway, "add", "app", two.address(), "weight=3");
            // The event loops hear of it in turn.
            assertThat(ctl(gateway, "list", "app").get("app").toString())
                    .contains("address=" + two.address() + ", state=up, weight=3");
            assertThat(get(gateway) + get(gateway)).contains("one", "two");
            assertThat(ctl(gateway, "drain", "app", one.address()).toString()).contains("state=draining");
            assertThat(get(gateway) + get(gateway)).isEqualTo("twotwo");
            ctl(gateway, "enable", "app", one.address());
            assertThat(get(gateway) + get(gateway)).contains("one", "two");
            ctl(gateway, "remove", "app", one.address());
            assertThat(get(gateway) + get(gateway)).isEqualTo("twotwo");
            ctl(gateway, "add", "app", one.address());
            ctl(gateway, "remove", "app", two.address());
            assertThat(get(gateway) + get(gateway)).isEqualTo("oneone");
        }
    }

    @Test
    void aDrainedServerAnswersWhatItHas() throws Exception {
        CountDownLatch came = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (FakeServer slow = new FakeServer(peer -> {
                    peer.head();
                    came.countDown();
                    go.await();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast");
                });
                RouterFixture gateway = gateway(slow);
                Wire client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
            ctl(gateway, "drain", "app", slow.address());
            assertThat(get(gateway)).contains("No server is available");
            go.countDown();
            assertThat(client.response()).endsWith("last");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'add,app,ADDRESS', is a member already",
        "'add,app,127.0.0.1:1 wait', 'weight=N, zone=ZONE or backup'",
        "'add,app,nonsense', expected: host:port",
        "'add,app,dns:a:1', expected: an address",
        "'drain,app,127.0.0.1:1', expected: one of",
        "'remove,other,127.0.0.1:1', there is no upstream other",
        "'list,other', there is no upstream other",
        "'paint,app,ADDRESS', 'expected: list, add, drain, enable or remove'",
        "'add', expected: list"
    })
    void mistakesAreTold(String command, String told) throws Exception {
        try (FakeServer one = FakeServer.http("one");
                RouterFixture gateway = gateway(one)) {
            String[] words = command.replace("ADDRESS", one.address()).split("[, ]");
            assertThatThrownBy(() -> ctl(gateway, words))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(told);
        }
    }
}
