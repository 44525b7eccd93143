package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.FaultClient.Seen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can go wrong with a server, in each protocol that it may speak, towards clients of HTTP/1.1 and HTTP/2: what they get, what
 * the access log says, and that the next request is none the worse for it.
 */
@Timeout(120)
class GatewayProtocolFaultTest {
    private static final String LENGTH = "Content-Length";
    private static final String CODING = "Transfer-Encoding";

    private static RouterFixture gateway(String more, String... servers) {
        return RouterFixture.http(
                Apps.text("own application"),
                "http-processes=1",
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,servers=" + String.join("|", servers) + more,
                "routes=name=all,upstream=app");
    }

    private static Stream<Arguments> eachWay() {
        return Stream.of(FakeProtocol.values())
                .flatMap(protocol -> Stream.of(FaultClient.values()).map(client -> Arguments.of(protocol, client)));
    }

    private static <T> Stream<Arguments> eachWay(T[] faults, BiPredicate<T, FakeProtocol> exists) {
        return Stream.of(faults)
                .flatMap(fault -> eachWay()
                        .filter(way -> exists.test(fault, (FakeProtocol) way.get()[0]))
                        .map(way -> Arguments.of(fault, way.get()[0], way.get()[1])));
    }

    // ---- before the answer

    /** What goes wrong before anything of an answer can be passed on. */
    enum NoAnswer {
        CLOSES("upstream-reset", conversation -> conversation.peer.close()),
        RESETS("upstream-reset", conversation -> conversation.peer.reset()),
        ENDS_IN_THE_HEAD("upstream-reset", conversation -> {
            conversation.halfHead();
            conversation.peer.close();
        }),
        RESETS_IN_THE_HEAD("upstream-reset", conversation -> {
            conversation.halfHead();
            conversation.peer.reset();
        }),
        FAILS("upstream-reset", FakeConversation::fail),
        GARBAGE("upstream-bad-answer", conversation -> conversation.garbage()),
        TOO_LARGE_A_HEAD("upstream-bad-answer", conversation -> conversation.head("X-Large", "x".repeat(70_000))),
        TOO_MANY_FIELDS(
                "upstream-bad-answer",
                conversation -> conversation.head(
                        Stream.generate(() -> "X-One").limit(2 * 257).toArray(String[]::new))),
        A_NAME_THAT_IS_NONE("upstream-bad-answer", conversation -> conversation.head("X One", "x")),
        A_LINE_IN_A_VALUE("upstream-bad-answer", conversation -> conversation.head("X-One", "x\0\r\nX-Two: y")),
        TWO_LENGTHS(
                "upstream-bad-answer", conversation -> conversation.head("Content-Length", "2", "Content-Length", "3")),
        A_LENGTH_THAT_IS_NONE("upstream-bad-answer", conversation -> conversation.head("Content-Length", "+2"));

        private final String why;
        private final FakeProtocol.Script script;

        NoAnswer(String why, FakeProtocol.Script script) {
            this.why = why;
            this.script = script;
        }

        FakeServer serve(FakeProtocol protocol) {
            return protocol.serve(conversation -> {
                while (conversation.request()) {
                    conversation.body();
                    script.say(conversation);
                }
            });
        }

        static Stream<Arguments> eachWay() {
            return GatewayProtocolFaultTest.eachWay(values(), (fault, protocol) -> true);
        }
    }

    @ParameterizedTest
    @MethodSource("io.juwsgi.router.GatewayProtocolFaultTest$NoAnswer#eachWay")
    void withoutAnAnswerAnotherIsAskedOrTheClientIsTold(NoAnswer fault, FakeProtocol protocol, FaultClient client)
            throws Exception {
        try (FakeServer bad = fault.serve(protocol);
                FakeServer good = protocol.serve("good");
                RouterFixture gateway = gateway("", protocol.address(bad), protocol.address(good))) {
            assertThat(client.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            Seen told = client.post(gateway);
            assertThat(gateway.logLine()).isEqualTo("502 " + fault.why + " 1");
            assertThat(told.status()).isEqualTo(502);
            assertThat(told.complete()).isTrue();
            assertThat(client.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 1");
        }
    }

    @ParameterizedTest
    @MethodSource("eachWay")
    void whoRefusesIsPassedOverForEveryMethod(FakeProtocol protocol, FaultClient client) throws Exception {
        try (FakeServer good = protocol.serve("good");
                RouterFixture gateway =
                        gateway("", protocol.address(FakeServer.closedPort()), protocol.address(good))) {
            assertThat(client.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            assertThat(client.post(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
        }
        try (RouterFixture gateway = gateway("", protocol.address(FakeServer.closedPort()))) {
            assertThat(client.get(gateway).status()).isEqualTo(502);
            assertThat(gateway.logLine()).isEqualTo("502 upstream-refused 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoSaysNothingIsPassedOverInTimeForGetAndA504ForPost(FakeProtocol protocol) throws Exception {
        try (FakeServer silent = protocol.serve(conversation -> {
                    conversation.request();
                    conversation.peer.awaitEnd();
                });
                FakeServer good = protocol.serve("good");
                RouterFixture gateway = gateway(",timeout=300ms", protocol.address(silent), protocol.address(good))) {
            assertThat(FaultClient.HTTP1.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            assertThat(FaultClient.HTTP2.post(gateway).status()).isEqualTo(504);
            assertThat(gateway.logLine()).isEqualTo("504 upstream-timeout 1");
            assertThat(FaultClient.HTTP2.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 1");
        }
    }

    // ---- in the middle of it

    /** What goes wrong when the client has seen the head and a part of the body. */
    enum Cut {
        CLOSES("upstream-cut", LENGTH, "100000", "half", conversation -> conversation.peer.close()),
        RESETS("upstream-cut", LENGTH, "100000", "half", conversation -> conversation.peer.reset()),
        FAILS("upstream-cut", LENGTH, "100000", "half", FakeConversation::fail),
        SAYS_THAT_IT_IS_OVER("upstream-cut", LENGTH, "100000", "half", FakeConversation::over),
        SAYS_SO_AT_ONCE("upstream-cut", LENGTH, "100000", "", FakeConversation::over),
        RESETS_WITHOUT_A_LENGTH("upstream-cut", "X-Length", "", "half", conversation -> conversation.peer.reset()),
        FAILS_WITHOUT_A_LENGTH("upstream-cut", "X-Length", "", "half", FakeConversation::fail),
        NO_LAST_CHUNK("upstream-cut", CODING, "chunked", "4\r\nhalf\r\n", FakeConversation::over),
        NO_END_OF_A_CHUNK("upstream-cut", CODING, "chunked", "9\r\nhalf", FakeConversation::over),
        A_BAD_CHUNK("upstream-bad-answer", CODING, "chunked", "4\r\nhalf", conversation -> conversation.data("!\r\n"));

        private final String why;
        private final String name;
        private final String value;
        private final String part;
        private final FakeProtocol.Script script;

        Cut(String why, String name, String value, String part, FakeProtocol.Script script) {
            this.why = why;
            this.name = name;
            this.value = value;
            this.part = part;
            this.script = script;
        }

        /** Returns the word for the log: HTTP/2's frames and length contradict each other (RFC 9113 section 8.1.1). */
        String why(FakeProtocol protocol) {
            boolean says = this == SAYS_THAT_IT_IS_OVER || this == SAYS_SO_AT_ONCE;
            return says && protocol == FakeProtocol.H2C ? "upstream-bad-answer" : why;
        }

        /** HTTP/2 has no chunks. */
        static Stream<Arguments> eachWay() {
            return GatewayProtocolFaultTest.eachWay(
                    values(), (fault, protocol) -> protocol != FakeProtocol.H2C || !fault.name.equals(CODING));
        }
    }

    @ParameterizedTest
    @MethodSource("io.juwsgi.router.GatewayProtocolFaultTest$Cut#eachWay")
    void anAnswerThatIsCutOffNeverLooksWhole(Cut fault, FakeProtocol protocol, FaultClient client) throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        AtomicBoolean well = new AtomicBoolean();
        try (FakeServer server = protocol.serve(conversation -> {
                    if (well.get()) {
                        conversation.answerAll("good");
                    } else if (conversation.request()) {
                        conversation.head(fault.name, fault.value);
                        conversation.data(fault.part);
                        headSeen.await();
                        fault.script.say(conversation);
                    }
                });
                RouterFixture gateway = gateway("", protocol.address(server))) {
            Seen seen = client.ask(gateway, "GET", "", () -> {
                well.set(true);
                headSeen.countDown();
            });
            assertThat(gateway.logLine()).isEqualTo("200 " + fault.why(protocol) + " 1");
            assertThat(seen.status()).isEqualTo(200);
            assertThat(seen.complete()).as("%s", seen).isFalse();
            assertThat(client.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 1");
        }
    }

    /** A short answer is passed on when it is whole, so that its end may be missing without anybody noticing. */
    @ParameterizedTest
    @MethodSource("eachWay")
    void aShortAnswerThatIsCutOffIsAskedForElsewhere(FakeProtocol protocol, FaultClient client) throws Exception {
        try (FakeServer bad = protocol.serve(conversation -> {
                    while (conversation.request()) {
                        conversation.body();
                        conversation.head("Content-Length", "10");
                        conversation.data("half");
                        conversation.peer.close();
                    }
                });
                FakeServer good = protocol.serve("good");
                RouterFixture gateway = gateway(",keepalive=0", protocol.address(bad), protocol.address(good))) {
            assertThat(client.get(gateway)).isEqualTo(new Seen(200, "good", true));
            assertThat(gateway.logLine()).isEqualTo("200 - 2");
            Seen told = client.post(gateway);
            assertThat(told.status() == 502 || !told.complete()).as("%s", told).isTrue();
            assertThat(gateway.logLine()).endsWith(" upstream-cut 1");
        }
    }

    /** Nobody waits for the end of an answer that takes its time. */
    @ParameterizedTest
    @EnumSource
    void aShortAnswerThatTakesItsTimeIsPassedOnAsItComes(FakeProtocol protocol) throws Exception {
        CountDownLatch headSeen = new CountDownLatch(1);
        try (FakeServer slow = protocol.serve(conversation -> {
                    if (conversation.request()) {
                        conversation.head("Content-Length", "8");
                        conversation.data("half");
                        headSeen.await();
                        conversation.data("half");
                        conversation.end();
                    }
                });
                RouterFixture gateway = gateway("", protocol.address(slow))) {
            assertThat(FaultClient.HTTP1.ask(gateway, "GET", "", headSeen::countDown))
                    .isEqualTo(new Seen(200, "halfhalf", true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerThatStopsIsCutInTime(FakeProtocol protocol) throws Exception {
        try (FakeServer server = protocol.serve(conversation -> {
                    while (conversation.request()) {
                        conversation.head("Content-Length", "10");
                        conversation.data("half");
                    }
                });
                RouterFixture gateway = gateway(",timeout=300ms", protocol.address(server));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = clients.submit(() -> FaultClient.HTTP1.get(gateway));
            var two = clients.submit(() -> FaultClient.HTTP2.get(gateway));
            assertThat(one.get().complete()).isFalse();
            assertThat(two.get().complete()).isFalse();
            assertThat(gateway.logLine()).isEqualTo("200 upstream-stalled 1");
            assertThat(gateway.logLine()).isEqualTo("200 upstream-stalled 1");
        }
    }

    // ---- too much

    /** HTTP/2's frames say themselves where an answer ends, so that one that contradicts its length is broken (RFC 9113 section 8.1.1). */
    @ParameterizedTest
    @MethodSource("eachWay")
    void whatIsLongerThanItSaysReachesNobody(FakeProtocol protocol, FaultClient client) throws Exception {
        try (FakeServer liar = protocol.serve(conversation -> {
                    while (conversation.request()) {
                        conversation.body();
                        conversation.head("Content-Length", "4");
                        conversation.data("goodHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
                        conversation.end();
                    }
                });
                RouterFixture gateway = gateway(",max-fails=0", protocol.address(liar))) {
            for (int i = 0; i < 5; i++) {
                Seen seen = client.get(gateway);
                assertThat(seen.body()).doesNotContain("HTTP/1.1", "poison");
                if (protocol == FakeProtocol.H2C) {
                    assertThat(seen.status() == 502 || !seen.complete()).isTrue();
                    assertThat(gateway.logLine()).endsWith(" upstream-bad-answer 1");
                } else {
                    assertThat(seen).isEqualTo(new Seen(200, "good", true));
                    assertThat(gateway.logLine()).isEqualTo("200 - 1");
                }
            }
            assertThat(liar.connections.get()).isEqualTo(protocol == FakeProtocol.H2C ? 1 : 5);
        }
    }

    /** A server that wants nothing of a request says so, and closes the connection while the client is still sending. */
    @ParameterizedTest
    @MethodSource("eachWay")
    void anAnswerBeforeTheRequestsBodyArrives(FakeProtocol protocol, FaultClient client) throws Exception {
        try (FakeServer server = protocol.serve(conversation -> {
                    if (conversation.request()) {
                        conversation.answer("too large");
                    }
                });
                RouterFixture gateway = gateway(",keepalive=0", protocol.address(server))) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.post(gateway)).isEqualTo(new Seen(200, "too large", true));
                assertThat(gateway.logLine()).isEqualTo("200 - 1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerInTheMiddleOfALargeBodyArrives(FakeProtocol protocol) throws Exception {
        String large = "x".repeat(8_000_000);
        try (FakeServer server = protocol.serve(conversation -> {
                    if (conversation.request()) {
                        conversation.answer("too large");
                    }
                });
                RouterFixture gateway = gateway(",keepalive=0", protocol.address(server));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                try (Wire wire = gateway.connect()) {
                    wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length() + "\r\n\r\n");
                    var sending = CompletableFuture.runAsync(() -> send(wire, large), clients);
                    assertThat(wire.response()).startsWith("HTTP/1.1 200 ").endsWith("too large");
                    assertThat(gateway.logLine()).isEqualTo("200 - 1");
                    // A server that closes the connection ends the sending too.
                    wire.close();
                    sending.handle((sent, failure) -> failure == null).join();
                }
            }
        }
    }

    private static void send(Wire wire, String text) {
        try {
            wire.send(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- slow, and up and down

    /** Each part comes in time, all of them together would not. */
    @Test
    void aSlowAnswerIsWaitedForInEachProtocol() throws Exception {
        List<FakeServer> servers = new ArrayList<>();
        List<String> settings = new ArrayList<>(List.of("log-format=%(status) %(why) %(tries)"));
        for (FakeProtocol protocol : FakeProtocol.values()) {
            FakeServer slow = protocol.serve(conversation -> {
                while (conversation.request()) {
                    TimeUnit.MILLISECONDS.sleep(800);
                    conversation.head("Content-Length", "8");
                    for (int i = 0; i < 4; i++) {
                        TimeUnit.MILLISECONDS.sleep(800);
                        conversation.data("ab");
                    }
                    conversation.end();
                }
            });
            servers.add(slow);
            settings.add("upstreams=name=" + protocol + ",timeout=3s,servers=" + protocol.address(slow));
            settings.add("routes=name=" + protocol + ",path=/" + protocol + ",upstream=" + protocol);
        }
        try (RouterFixture gateway = RouterFixture.http(Apps.text("own"), settings.toArray(String[]::new));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (FakeProtocol protocol : FakeProtocol.values()) {
                answers.add(clients.submit(() -> {
                    try (Wire wire = gateway.connect()) {
                        return wire.send("GET /" + protocol + " HTTP/1.1\r\nHost: a\r\n\r\n")
                                .response();
                    }
                }));
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nabababab");
                assertThat(gateway.logLine()).isEqualTo("200 - 1");
            }
        } finally {
            for (FakeServer server : servers) {
                server.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatFlapsCostsNoIdempotentRequestAndComesBack(FakeProtocol protocol) throws Exception {
        AtomicBoolean up = new AtomicBoolean(true);
        AtomicInteger asked = new AtomicInteger();
        try (FakeServer flapping = protocol.serve(conversation -> {
                    while (conversation.request()) {
                        conversation.body();
                        asked.incrementAndGet();
                        if (!up.get()) {
                            conversation.peer.reset();
                        }
                        conversation.answer("flapping");
                    }
                });
                FakeServer steady = protocol.serve("steady");
                RouterFixture gateway = gateway(
                        ",max-fails=2,eject-time=200ms", protocol.address(flapping), protocol.address(steady))) {
            for (int round = 0; round < 3; round++) {
                up.set(true);
                awaitAnswer(gateway, "flapping");
                up.set(false);
                asked.set(0);
                while (!state(gateway).equals("resting")) {
                    assertThat(FaultClient.HTTP1.get(gateway)).isEqualTo(new Seen(200, "steady", true));
                }
                assertThat(asked).satisfies(n -> assertThat(n.get()).isBetween(2, 4));
            }
        }
    }

    /** Asks until somebody answers; nobody may fail on the way. */
    private static void awaitAnswer(RouterFixture gateway, String text) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        for (Seen seen = FaultClient.HTTP2.get(gateway); !seen.body().equals(text); ) {
            assertThat(seen).as("%s", gateway.log).isEqualTo(new Seen(200, "steady", true));
            assertThat(System.nanoTime()).as("it comes back").isLessThan(deadline);
            seen = FaultClient.HTTP2.get(gateway);
        }
    }

    private static String state(RouterFixture gateway) {
        return gateway.router.upstreamStats().getFirst().endpoints().getFirst().state();
    }
}
