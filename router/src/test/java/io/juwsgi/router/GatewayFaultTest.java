package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstream servers that do not do what they should: what clients get, and what the access log says. */
class GatewayFaultTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static RouterFixture gateway(String more, String... servers) {
        return RouterFixture.http(
                Apps.text("own application"),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,protocol=http,servers=" + String.join("|", servers) + more,
                "routes=name=all,upstream=app");
    }

    private static String status(RouterFixture gateway, String method) throws IOException {
        try (Wire client = gateway.connect()) {
            client.send(method + " / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + (method.equals("POST") ? "Content-Length: 2\r\n\r\nab" : "\r\n"));
            return client.rest();
        }
    }

    private static FakeServer resetting() {
        return new FakeServer(peer -> {
            peer.head();
            peer.reset();
        });
    }

    private static FakeServer silent() {
        return new FakeServer(FakeServer.Peer::awaitEnd);
    }

    @Test
    void aServerThatRefusesIsPassedOverForEveryMethod() throws Exception {
        try (FakeServer good = FakeServer.http("ok");
                RouterFixture gateway = gateway("", "127.0.0.1:" + FakeServer.closedPort(), good.address())) {
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 200").endsWith("ok");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
        try (FakeServer good = new FakeServer(peer -> {
                    peer.head();
                    peer.read(2);
                    peer.send(OK);
                });
                RouterFixture gateway = gateway("", "127.0.0.1:" + FakeServer.closedPort(), good.address())) {
            assertThat(status(gateway, "POST")).startsWith("HTTP/1.1 200").endsWith("ok");
        }
    }

    @Test
    void oneThatAloneRefusesIsA502() throws Exception {
        try (RouterFixture gateway = gateway("", "127.0.0.1:" + FakeServer.closedPort())) {
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 502").contains("cannot be reached");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-refused 1");
        }
    }

    @Test
    void aResetBeforeTheAnswerIsTriedElsewhereWhenTheMethodAllowsIt() throws Exception {
        try (FakeServer bad = resetting();
                FakeServer good = FakeServer.http("ok");
                RouterFixture gateway = gateway("", bad.address(), good.address())) {
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 200");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            assertThat(status(gateway, "POST")).startsWith("HTTP/1.1 502");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-reset 1");
        }
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsA504ForPostAndPassedOverForGet() throws Exception {
        try (FakeServer bad = silent();
                FakeServer good = FakeServer.http("ok");
                RouterFixture gateway = gateway(",timeout=300ms", bad.address(), good.address())) {
            assertThat(status(gateway, "POST")).startsWith("HTTP/1.1 504").contains("did not answer in time");
            assertThat(gateway.logLine()).isEqualTo("504 upstream-timeout 1");
            // The other's turn.
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 200");
            assertThat(gateway.logLine()).isEqualTo("200 - 1");
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 200");
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'Content-Length: 10\\r\\n\\r\\nhalf', half",
        "'Transfer-Encoding: chunked\\r\\n\\r\\n4\\r\\nhalf\\r\\n', half"
    })
    void anAnswerThatEndsInTheMiddleNeverLooksComplete(String rest, String part) throws Exception {
        try (FakeServer bad = new FakeServer(peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 200 OK\r\n" + rest.replace("\\r\\n", "\r\n"));
                });
                RouterFixture gateway = gateway("", bad.address())) {
            String answer = status(gateway, "GET");
            assertThat(gateway.logLine()).contains(" upstream-cut 1");
            assertThat(answer)
                    .doesNotContain("0\r\n\r\n")
                    .satisfiesAnyOf(
                            cut -> assertThat(cut)
                                    .startsWith("HTTP/1.1 200"), // Begun before the end was known, then reset.
                            whole -> assertThat(whole).startsWith("HTTP/1.1 502"));
        }
    }

    @Test
    void anAnswerThatIsLongerThanItSaysIsCutThereAndItsConnectionIsNotUsedAgain() throws Exception {
        try (FakeServer liar = new FakeServer(peer -> {
                    while (peer.head() != null) {
                        peer.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                    }
                });
                RouterFixture gateway = gateway("", liar.address());
                Wire client = gateway.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.response()).endsWith("\r\n\r\nok");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/2 200 OK\r\n\r\n",
                "HTTP/1.1 99 Low\r\n\r\n",
                "HTTP/1.1 101 Switch\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
                "HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n"
            })
    void whatIsNoAnswerIsA502AndReachesNoClient(String bytes) throws Exception {
        try (FakeServer bad = new FakeServer(peer -> {
                    peer.head();
                    peer.send(bytes);
                    peer.awaitEnd();
                });
                RouterFixture gateway = gateway(",tries=1", bad.address())) {
            assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 502").contains("sent a response that is not valid");
            assertThat(gateway.logLine()).isEqualTo("502 upstream-bad-answer 1");
        }
    }

    /** RFC 9110 section 15.2; 100 is between the gateway and the server, and no client needs a flood. */
    @Test
    void interimAnswersArePassedOnUpToALimit() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send("HTTP/1.1 100 Continue\r\n\r\n"
                            + "HTTP/1.1 103 Early Hints\r\nConnection: X-Own\r\nX-Own: 1\r\nLink: </a>\r\n\r\n"
                                    .repeat(20)
                            + OK);
                    peer.awaitEnd();
                });
                RouterFixture gateway = gateway("", server.address())) {
            String answer = status(gateway, "GET");
            assertThat(answer)
                    .startsWith("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
                    .doesNotContain("100 Continue", "X-Own")
                    .contains("\r\n\r\nHTTP/1.1 200 ");
            assertThat(answer.split("HTTP/1.1 103")).hasSize(17);
        }
    }

    @Test
    void anIdleConnectionThatTheServerClosesCostsNobodyAnAnswer() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    peer.send(OK);
                });
                RouterFixture gateway = gateway("", server.address());
                Wire client = gateway.connect()) {
            for (int i = 0; i < 50; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.response()).startsWith("HTTP/1.1 200");
            }
        }
    }

    @Test
    void aServerThatFailsAgainAndAgainRests() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (FakeServer bad = new FakeServer(peer -> {
                    asked.incrementAndGet();
                    peer.reset();
                });
                FakeServer good = FakeServer.http("ok");
                RouterFixture gateway = gateway(",max-fails=3,eject-time=1h", bad.address(), good.address())) {
            for (int i = 0; i < 20; i++) {
                assertThat(status(gateway, "GET")).startsWith("HTTP/1.1 200");
            }
            assertThat(asked).hasValue(3);
        }
    }

    @Test
    void aBackupAnswersOnlyWhileNobodyElseCan() throws Exception {
        try (FakeServer first = FakeServer.http("first");
                FakeServer backup = FakeServer.http("backup");
                RouterFixture gateway = gateway("", backup.address() + " backup", first.address())) {
            for (int i = 0; i < 4; i++) {
                assertThat(status(gateway, "GET")).endsWith("first");
            }
            first.close();
            assertThat(status(gateway, "GET")).endsWith("backup");
        }
    }

    @Test
    void aClientThatGoesAwayEndsTheRequestUpstream() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch came = new CountDownLatch(1);
        try (FakeServer server = new FakeServer(peer -> {
                    peer.head();
                    came.countDown();
                    try {
                        peer.awaitEnd();
                    } finally {
                        ended.countDown();
                    }
                });
                RouterFixture gateway = gateway("", server.address())) {
            try (Wire client = gateway.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
                client.socket().setSoLinger(true, 0);
            }
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(gateway.logLine()).isEqualTo("499 client-gone 1");
        }
    }
}
