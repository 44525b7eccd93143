package io.juwsgi.router;

import static io.juwsgi.router.Http2Wire.DATA;
import static io.juwsgi.router.Http2Wire.END_HEADERS;
import static io.juwsgi.router.Http2Wire.END_STREAM;
import static io.juwsgi.router.Http2Wire.HEADERS;
import static io.juwsgi.router.TestWebSockets.ECHO;
import static io.juwsgi.router.TestWebSockets.HANDSHAKE;
import static io.juwsgi.router.TestWebSockets.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets that come or go on over HTTP/2 (RFC 8441), through a gateway. */
@Timeout(120)
final class GatewayHttp2TunnelTest {
    private static RouterFixture gateway(String server, String more) {
        return RouterFixture.http(
                Apps.text("own application"),
                "log-format=%(status) %(why) %(tries)",
                "upstreams=name=app,servers=" + server + more,
                "routes=name=all,upstream=app");
    }

    @ParameterizedTest
    @CsvSource({"http://", "h2c://"})
    void aWebSocketOfAStreamGoesOn(String scheme) throws Exception {
        try (RouterFixture behind = TestWebSockets.serve(ECHO);
                RouterFixture gateway = gateway(scheme + "127.0.0.1:" + behind.port(), "");
                Http2Wire wire = Http2Wire.connect(gateway.port())) {
            var answer = Http2WebSocketTest.open(
                    wire,
                    1,
                    "sec-websocket-protocol",
                    "chat",
                    "sec-websocket-extensions",
                    "permessage-deflate; server_max_window_bits=12");
            assertThat(answer.get("sec-websocket-protocol")).hasToString("chat");
            // The two ends agree.
            assertThat(answer.get("sec-websocket-extensions")).asString().contains("server_max_window_bits=12");
            wire.send(DATA, 0, 1, frame(0x81, "one"));
            assertThat(Http2WebSocketTest.read(wire, 1, 5)).isEqualTo("\u0081\u0003one");
            wire.send(DATA, 0, 1, frame(0x88, "\u0003\u00e8"));
            assertThat(wire.answer(1, "200").body()).isEqualTo("\u0088\u0002\u0003\u00e8");
            assertThat(gateway.logLine()).startsWith("101 ");
        }
    }

    @Test
    void aWebSocketOfHttp1GoesOnByAnExtendedConnect() throws Exception {
        String large = "x".repeat(600_000);
        try (RouterFixture behind = TestWebSockets.serve(ECHO);
                RouterFixture gateway = gateway("h2c://127.0.0.1:" + behind.port(), "");
                Wire first = gateway.connect();
                Wire second = gateway.connect()) {
            for (Wire wire : new Wire[] {first, second}) {
                assertThat(wire.send(HANDSHAKE).head())
                        .startsWith("HTTP/1.1 101 ")
                        .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
                wire.send(frame(0x81, "hello"));
                assertThat(wire.read(7)).isEqualTo("\u0081\u0005hello");
            }
            first.send(frame(0x82, large));
            assertThat(first.read(10 + large.length())).endsWith(large);
            second.close();
            assertThat(behind.logLine()).contains("(HTTP/2.0 101)", "why=client-gone");
            first.send(frame(0x88, "\u0003\u00e8"));
            assertThat(first.rest()).isEqualTo("\u0088\u0002\u0003\u00e8");
        }
    }

    @Test
    void anHttp2ServerMayRefuse() throws Exception {
        try (RouterFixture behind = TestWebSockets.serve(ECHO);
                RouterFixture gateway = gateway("h2c://127.0.0.1:" + behind.port(), "");
                Http2Wire wire = Http2Wire.connect(gateway.port())) {
            wire.send(HEADERS, END_HEADERS, 1, Http2WebSocketTest.connect("/page"));
            assertThat(wire.answer(1).status()).isEqualTo("501");
            wire.get(3, "/");
            assertThat(wire.answer(3).body()).isEqualTo("application");
        }
    }

    @Test
    void aServerThatDoesNotAnnounceItGetsNone() throws Exception {
        BlockingQueue<String> methods = new LinkedBlockingQueue<>();
        try (FakeServer server = new FakeServer(peer -> {
                    Http2Wire http2 = peer.http2();
                    Http2Wire.Frame head = http2.awaitHead();
                    var request = http2.decode(head);
                    methods.add(request.method() + " " + request.get(":protocol") + " " + request.get("upgrade"));
                    http2.send(HEADERS, END_HEADERS | END_STREAM, head.stream(), Http2Wire.block(":status", "426"));
                    peer.awaitEnd();
                });
                RouterFixture gateway = gateway("h2c://" + server.address(), "");
                Wire wire = gateway.connect()) {
            assertThat(wire.send(HANDSHAKE).head()).startsWith("HTTP/1.1 426 ");
            assertThat(methods.poll(60, TimeUnit.SECONDS)).isEqualTo("GET null null");
        }
    }

    @Test
    void anIdleTunnelIsClosedInTime() throws Exception {
        try (RouterFixture behind = TestWebSockets.serve(ECHO);
                RouterFixture gateway = gateway("h2c://127.0.0.1:" + behind.port(), ",tunnel-timeout=1s");
                Wire wire = gateway.connect()) {
            assertThat(wire.send(HANDSHAKE).head()).startsWith("HTTP/1.1 101 ");
            assertThat(wire.rest().getBytes(StandardCharsets.ISO_8859_1)).isEmpty();
            assertThat(gateway.logLine()).startsWith("101 upstream-");
        }
    }
}
