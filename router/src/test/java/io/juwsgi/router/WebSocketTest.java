package io.juwsgi.router;

import static io.juwsgi.router.TestWebSockets.ECHO;
import static io.juwsgi.router.TestWebSockets.HANDSHAKE;
import static io.juwsgi.router.TestWebSockets.frame;
import static io.juwsgi.router.TestWebSockets.serve;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets of Java handlers: with the JDK's own client, and byte by byte. */
@Timeout(120)
final class WebSocketTest {
    private static Wire open(RouterFixture fixture) throws IOException {
        Wire wire = fixture.connect();
        assertThat(wire.send(HANDSHAKE).head())
                .startsWith("HTTP/1.1 101 ")
                .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        return wire;
    }

    /** Reads a Close frame without a reason, and the end; returns its code. */
    private static int closeCode(Wire wire) throws IOException {
        String rest = wire.rest();
        assertThat(rest.charAt(0)).isEqualTo((char) 0x88);
        return rest.charAt(2) << 8 | rest.charAt(3);
    }

    @Test
    void aRealClientTalksInTextAndBytesAndCloses() throws Exception {
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        var listener = new java.net.http.WebSocket.Listener() {
            private final StringBuilder parts = new StringBuilder();

            @Override
            public CompletionStage<?> onText(java.net.http.WebSocket socket, CharSequence data, boolean last) {
                parts.append(data);
                if (last) {
                    got.add(parts.toString());
                    parts.setLength(0);
                }
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onBinary(java.net.http.WebSocket socket, ByteBuffer data, boolean last) {
                got.add("binary " + data.remaining());
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
                got.add("closed " + code);
                return null;
            }
        };
        try (RouterFixture fixture = serve(ECHO);
                HttpClient client = HttpClient.newHttpClient()) {
            java.net.http.WebSocket socket = client.newWebSocketBuilder()
                    .subprotocols("other", "echo")
                    .buildAsync(URI.create("ws://127.0.0.1:" + fixture.port() + "/ws"), listener)
                    .get(30, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("echo");
            socket.sendText("gr\u00fc\u00df ", false).get(30, TimeUnit.SECONDS);
            socket.sendText("dich", true).get(30, TimeUnit.SECONDS);
            assertThat(got.poll(30, TimeUnit.SECONDS)).isEqualTo("gr\u00fc\u00df dich");
            socket.sendBinary(ByteBuffer.allocate(1000), true).get(30, TimeUnit.SECONDS);
            assertThat(got.poll(30, TimeUnit.SECONDS)).isEqualTo("binary 1000");
            socket.sendClose(4321, "enough").get(30, TimeUnit.SECONDS);
            assertThat(got.poll(30, TimeUnit.SECONDS)).isEqualTo("closed 4321");
            assertThat(fixture.logLine())
                    .contains("GET /ws")
                    .contains("(HTTP/1.1 101)")
                    .doesNotContain("why=");
        }
    }

    @Test
    void framesThatComeWithTheHandshakeAreNotLost() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Wire wire = fixture.connect()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            all.writeBytes(HANDSHAKE.getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(frame(0x81, "early"));
            wire.send(all.toByteArray()).head();
            assertThat(wire.read(7)).isEqualTo("\u0081\u0005early");
        }
    }

    @Test
    void pingsAreAnsweredBetweenTheFramesOfAMessage() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Wire wire = open(fixture)) {
            wire.send(frame(0x01, "one ")).send(frame(0x89, "p")).send(frame(0x80, "two"));
            assertThat(wire.read(3)).isEqualTo("\u008a\u0001p");
            assertThat(wire.read(9)).isEqualTo("\u0081\u0007one two");
        }
    }

    @Test
    void whatIsAgainstTheProtocolClosesWithItsCode() throws Exception {
        record Case(byte[] bytes, int code) {}
        List<Case> cases = List.of(
                new Case("\u0081\u0001a".getBytes(StandardCharsets.ISO_8859_1), 1002),
                new Case(frame(0xc1, "a"), 1002),
                new Case(frame(0x83, "a"), 1002),
                new Case(frame(0x80, "a"), 1002),
                new Case(frame(0x09, "a"), 1002),
                new Case(frame(0x81, "\u00ff"), 1007),
                new Case(frame(0x82, new byte[3000]), 1009));
        try (RouterFixture fixture = serve(ECHO, "websockets-max-size=2")) {
            for (Case one : cases) {
                try (Wire wire = open(fixture)) {
                    assertThat(closeCode(wire.send(one.bytes()))).isEqualTo(one.code());
                    assertThat(fixture.logLine()).contains("why=websocket-" + one.code());
                }
            }
        }
    }

    @Test
    void manySmallFramesAreNoWayAroundTheLimit() throws Exception {
        try (RouterFixture fixture = serve(ECHO, "websockets-max-size=2");
                Wire wire = open(fixture)) {
            wire.send(frame(0x02, new byte[1500])).send(frame(0x80, new byte[1500]));
            assertThat(closeCode(wire)).isEqualTo(1009);
        }
    }

    @Test
    void requestsThatAskWronglyAreTheHandlersMatter() throws Exception {
        try (RouterFixture fixture = serve(ECHO)) {
            for (String wrong : List.of(
                    HANDSHAKE.replace("Version: 13", "Version: 8"),
                    HANDSHAKE.replace("Upgrade: websocket\r\n", ""),
                    HANDSHAKE.replace("keep-alive, Upgrade", "keep-alive"),
                    HANDSHAKE.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
                    HANDSHAKE.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 0\r\n\r\n"))) {
                try (Wire wire = fixture.connect()) {
                    assertThat(wire.send(wrong).response()).startsWith("HTTP/1.1 426 ");
                }
            }
        }
    }

    @Test
    void aSilentClientIsPingedAndThenGivenUp() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        BlockingHandler waits = exchange -> {
            assertThat(exchange.webSocket().orElseThrow().receive()).isNull();
            ended.countDown();
        };
        try (RouterFixture fixture = serve(waits, "websockets-ping-freq=1", "websockets-pong-tolerance=1");
                Wire wire = open(fixture)) {
            assertThat(wire.read(2)).isEqualTo("\u0089\u0000");
            assertThat(wire.rest()).isEmpty();
            assertThat(fixture.logLine()).contains("why=websocket-timeout");
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aHandlerThatFailsClosesWith1011AndOneThatReturnsWith1000() throws Exception {
        BlockingHandler fails = exchange -> {
            WebSocket socket = exchange.webSocket().orElseThrow();
            if ("fail".equals(socket.receive().string())) {
                throw new IllegalStateException("a secret");
            }
        };
        try (RouterFixture fixture = serve(fails)) {
            try (Wire wire = open(fixture)) {
                assertThat(closeCode(wire.send(frame(0x81, "fail")))).isEqualTo(1011);
            }
            try (Wire wire = open(fixture)) {
                wire.send(frame(0x81, "end"));
                assertThat(wire.read(4)).isEqualTo("\u0088\u0002\u0003\u00e8");
                wire.send(frame(0x88, "\u0003\u00e8"));
                assertThat(wire.rest()).isEmpty();
            }
        }
    }

    @Test
    void aClientThatDoesNotReadHoldsTheSenderAndItsEndFreesIt() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        BlockingHandler floods = exchange -> {
            WebSocket socket = exchange.webSocket().orElseThrow();
            try {
                for (byte[] block = new byte[64 * 1024]; ; sent.incrementAndGet()) {
                    socket.send(block);
                }
            } finally {
                ended.countDown();
            }
        };
        try (RouterFixture fixture = serve(floods)) {
            try (Wire wire = open(fixture)) {
                assertThat(ended.await(1, TimeUnit.SECONDS)).isFalse();
                assertThat(sent.get()).isLessThan(1000);
            }
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.router.extensionStats().getFirst().exceptions()).isZero();
        }
    }
}
