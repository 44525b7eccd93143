package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Upstreams that another one stands in for. */
class GatewayFallbackTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";

    private static RouterFixture gateway(String app, String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "log-format=%(status) %(why) %(tries)";
        all[1] = "routes=name=all,upstream=app";
        all[2] = "upstreams=name=app,protocol=http,fallback=spare," + app;
        System.arraycopy(more, 0, all, 3, more.length);
        return RouterFixture.gateway(Map.of(), all);
    }

    private static String spare(FakeServer server) {
        return "upstreams=name=spare,protocol=http,servers=" + server.address();
    }

    private static String send(RouterFixture gateway, String request) throws IOException {
        try (Wire client = gateway.connect()) {
            return client.send(request).rest();
        }
    }

    /** Answers with the body of the request. */
    private static FakeServer echo() {
        return new FakeServer(peer -> {
            String head = peer.head();
            String body = head.contains("Content-Length: 4") ? new String(peer.read(4), "ISO-8859-1") : "none";
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\n" + body);
        });
    }

    private static int closedPort() throws IOException {
        try (FakeServer gone = FakeServer.http("gone")) {
            return Integer.parseInt(gone.address().substring(gone.address().indexOf(':') + 1));
        }
    }

    @Test
    void whatNobodyTakesGoesToTheOtherWithItsBody() throws Exception {
        try (FakeServer echo = echo();
                RouterFixture gateway = gateway("servers=127.0.0.1:" + closedPort(), spare(echo))) {
            assertThat(send(gateway, POST)).startsWith("HTTP/1.1 200").endsWith("body");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
    }

    @Test
    void whatFailedMayGoThereWhenItMayBeAskedTwice() throws Exception {
        try (FakeServer resets = new FakeServer(peer -> {
                    peer.head();
                    peer.reset();
                });
                FakeServer echo = echo();
                RouterFixture gateway = gateway("retry-budget=100,servers=" + resets.address(), spare(echo))) {
            assertThat(send(gateway, GET)).startsWith("HTTP/1.1 200").endsWith("none");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            assertThat(send(gateway, POST)).startsWith("HTTP/1.1 502");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-reset 1");
        }
    }

    @Test
    void whoIsFullHasAnotherToo() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (FakeServer slow = new FakeServer(peer -> {
                    peer.head();
                    busy.countDown();
                    done.await(60, TimeUnit.SECONDS);
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nslow");
                });
                FakeServer echo = echo();
                RouterFixture gateway = gateway("max-requests=1,servers=" + slow.address(), spare(echo));
                Wire first = gateway.connect()) {
            first.send(GET);
            assertThat(busy.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(send(gateway, GET)).endsWith("none");
            done.countDown();
            assertThat(first.rest()).endsWith("slow");
        }
    }

    @Test
    void theOtherMayHaveAnother() throws Exception {
        try (FakeServer echo = echo();
                RouterFixture gateway = gateway(
                        "servers=127.0.0.1:" + closedPort(),
                        "upstreams=name=spare,protocol=http,fallback=last,servers=127.0.0.1:" + closedPort(),
                        "upstreams=name=last,protocol=http,servers=" + echo.address())) {
            assertThat(send(gateway, GET)).endsWith("none");
            assertThat(gateway.logLine()).isEqualTo("200 - 3");
        }
    }

    @Test
    void whenTheOtherFailsTooItsReasonIsTold() throws Exception {
        try (RouterFixture gateway = gateway(
                "servers=127.0.0.1:" + closedPort(),
                "upstreams=name=spare,protocol=http,servers=127.0.0.1:" + closedPort())) {
            assertThat(send(gateway, GET)).startsWith("HTTP/1.1 502");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-refused 2");
        }
    }

    @Test
    void mistakesAreTold() {
        assertThatThrownBy(() -> gateway("servers=127.0.0.1:1").close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("upstream app: fallback: there is no upstream spare");
        assertThatThrownBy(() -> gateway("servers=127.0.0.1:1", "upstreams=name=spare,fallback=app,servers=127.0.0.1:2")
                        .close())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("upstream app: falls back to itself in the end");
    }
}
