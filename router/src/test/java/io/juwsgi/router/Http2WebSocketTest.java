package io.juwsgi.router;

import static io.juwsgi.router.Http2Wire.DATA;
import static io.juwsgi.router.Http2Wire.END_HEADERS;
import static io.juwsgi.router.Http2Wire.END_STREAM;
import static io.juwsgi.router.Http2Wire.HEADERS;
import static io.juwsgi.router.Http2Wire.RST_STREAM;
import static io.juwsgi.router.Http2Wire.SETTINGS;
import static io.juwsgi.router.Http2Wire.WINDOW_UPDATE;
import static io.juwsgi.router.TestWebSockets.ECHO;
import static io.juwsgi.router.TestWebSockets.deflate;
import static io.juwsgi.router.TestWebSockets.frame;
import static io.juwsgi.router.TestWebSockets.serve;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.WebSocket;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** WebSockets on streams of HTTP/2, by the sections of RFC 8441. */
@Timeout(120)
final class Http2WebSocketTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int CANCEL = 8;

    static byte[] connect(String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(
                ":method",
                "CONNECT",
                ":protocol",
                "websocket",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                "a.example",
                "sec-websocket-version",
                "13"));
        fields.addAll(List.of(more));
        return Http2Wire.block(fields.toArray(String[]::new));
    }

    /** Opens a WebSocket on a stream, and returns the answer's fields. */
    static Http2Headers open(Http2Wire wire, int stream, String... more) throws IOException {
        wire.send(HEADERS, END_HEADERS, stream, connect("/ws", more));
        Http2Wire.Frame head = wire.await(HEADERS, stream);
        Http2Headers headers = wire.decode(head);
        assertThat(headers.status()).hasToString("200");
        assertThat(head.has(END_STREAM)).isFalse();
        return headers;
    }

    /** Reads this many bytes of a stream's DATA, and looks at no other frame. */
    static String read(Http2Wire wire, int stream, int count) throws IOException {
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        while (got.size() < count) {
            got.writeBytes(wire.await(DATA, stream).payload());
        }
        return got.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void section3TheServerSaysThatItKnowsTheProtocol() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            ByteBuffer settings = ByteBuffer.wrap(wire.await(SETTINGS, 0).payload());
            boolean said = false;
            while (settings.hasRemaining()) {
                int id = settings.getShort();
                int value = settings.getInt();
                said |= id == 8 && value == 1;
            }
            assertThat(said).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        ":method=GET,                 400",
        ":protocol=connect-udp,       501",
        ":path=,                      400",
        ":scheme=,                    400",
        ":authority=,                 400",
        "content-length=0,            400",
        "upgrade=websocket,           400",
        "sec-websocket-version=8,     426",
        "sec-websocket-extensions=a;, 426",
    })
    void section4WhatIsMalformedIsRefusedOnItsStream(String wrong, String answer) throws Exception {
        String name = wrong.substring(0, wrong.indexOf('='));
        String value = wrong.substring(wrong.indexOf('=') + 1);
        List<String> fields = new ArrayList<>();
        for (String[] field : new String[][] {
            {":method", "CONNECT"},
            {":protocol", "websocket"},
            {":scheme", "http"},
            {":path", "/ws"},
            {":authority", "a.example"},
            {"sec-websocket-version", "13"}
        }) {
            boolean other = !field[0].equals(name);
            if (other || !value.isEmpty()) {
                fields.addAll(List.of(field[0], other ? field[1] : value));
            }
        }
        if (!fields.contains(name) && !value.isEmpty()) {
            fields.addAll(List.of(name, value));
        }
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(HEADERS, END_HEADERS, 1, Http2Wire.block(fields.toArray(String[]::new)));
            assertThat(wire.answer(1).status()).isIn(answer, "reset " + PROTOCOL_ERROR);
            open(wire, 3);
        }
    }

    @Test
    void section4AStreamThatEndsAtOnceIsNoWebSocket() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(HEADERS, END_HEADERS | END_STREAM, 1, connect("/ws"));
            assertThat(wire.answer(1).status()).isEqualTo("400");
        }
    }

    @Test
    void section5TheHandshakeIsAnsweredWithoutTheFieldsOfHttp1() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            Http2Headers answer = open(
                    wire,
                    1,
                    "sec-websocket-protocol",
                    "other, chat",
                    "sec-websocket-key",
                    "not even one",
                    "sec-websocket-extensions",
                    "permessage-deflate");
            assertThat(answer.get("sec-websocket-protocol")).hasToString("chat");
            assertThat(answer.get("sec-websocket-extensions")).asString().startsWith("permessage-deflate;");
            assertThat(answer.names().stream().map(Object::toString).toList())
                    .doesNotContain("sec-websocket-accept", "upgrade", "connection");
        }
    }

    @Test
    void section5MessagesGoBothWaysBesideRequestsAndOtherWebSockets() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            open(wire, 3, "sec-websocket-extensions", "permessage-deflate");
            wire.get(5, "/");
            assertThat(wire.answer(5).body()).isEqualTo("application");
            byte[] one = frame(0x81, "one");
            // In the middle of a frame's head, and of its payload.
            wire.send(DATA, 0, 1, Arrays.copyOf(one, 3));
            wire.send(DATA, 0, 3, frame(0xc1, deflate("two".getBytes(StandardCharsets.US_ASCII))));
            assertThat(read(wire, 3, 5)).isEqualTo("\u0081\u0003two");
            wire.send(DATA, 0, 1, Arrays.copyOfRange(one, 3, 7));
            wire.send(DATA, 0, 1, Arrays.copyOfRange(one, 7, one.length));
            assertThat(read(wire, 1, 5)).isEqualTo("\u0081\u0003one");
            wire.send(DATA, 0, 1, frame(0x89, "p"));
            assertThat(read(wire, 1, 3)).isEqualTo("\u008a\u0001p");
        }
    }

    @Test
    void section5ACloseEndsTheStreamInOrder() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            wire.send(DATA, 0, 1, frame(0x88, "\u0003\u00e8"));
            Http2Wire.Answer end = wire.answer(1, "200");
            assertThat(end.body()).isEqualTo("\u0088\u0002\u0003\u00e8");
            assertThat(fixture.logLine()).contains("GET /ws", "(HTTP/2.0 101)").doesNotContain("why=");
            wire.get(3, "/");
            assertThat(wire.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void section5TheEndOfAStreamWithoutACloseIsTheClientsEnd() throws Exception {
        for (int type : new int[] {DATA, RST_STREAM}) {
            try (RouterFixture fixture = serve(ECHO);
                    Http2Wire wire = Http2Wire.connect(fixture.port())) {
                open(wire, 1);
                byte[] payload = type == DATA ? new byte[0] : Http2Wire.number(CANCEL);
                wire.send(type, type == DATA ? END_STREAM : 0, 1, payload);
                assertThat(fixture.logLine()).contains("why=client-gone");
            }
        }
    }

    @Test
    void section5FieldsInPlaceOfDataAreAnError() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            wire.send(HEADERS, END_HEADERS | END_STREAM, 1, Http2Wire.block("x-trailer", "1"));
            assertThat(wire.await(RST_STREAM, 1).number(0)).isEqualTo(PROTOCOL_ERROR);
            assertThat(fixture.logLine()).contains("why=client-gone");
        }
    }

    @Test
    void aPageIsNoAnswerToAWebSocket() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(HEADERS, END_HEADERS, 1, connect("/page"));
            wire.send(DATA, 0, 1, frame(0x81, "early"));
            assertThat(wire.answer(1).status()).isEqualTo("501");
            assertThat(fixture.logLine()).contains("why=no-websocket");
        }
    }

    @Test
    void framesThatComeBeforeTheAnswerAreNotLost() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        BlockingHandler late = exchange -> {
            go.await();
            WebSocket socket = exchange.webSocket().orElseThrow();
            socket.send("got " + socket.receive().string());
        };
        try (RouterFixture fixture = serve(late);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(HEADERS, END_HEADERS, 1, connect("/ws"));
            wire.send(DATA, 0, 1, frame(0x81, "early"));
            wire.get(3, "/");
            assertThat(wire.answer(3).status()).isEqualTo("200");
            go.countDown();
            assertThat(read(wire, 1, 11)).startsWith("\u0081\u0009got early");
        }
    }

    @Test
    void whatIsNotReceivedIsNotGivenBackToTheWindow() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        BlockingHandler slow = exchange -> {
            WebSocket socket = exchange.webSocket().orElseThrow();
            go.await();
            int bytes = 0;
            while (bytes < 250_000) {
                bytes += socket.receive().data().length;
            }
            socket.send("all");
        };
        try (RouterFixture fixture = serve(slow);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            byte[] part = frame(0x82, new byte[10_000]);
            for (int i = 0; i < 25; i++) {
                wire.send(DATA, 0, 1, part);
            }
            wire.get(3, "/");
            assertThat(wire.answer(3).status()).isEqualTo("200");
            go.countDown();
            // With what is taken the window opens again.
            assertThat(wire.await(WINDOW_UPDATE, 1).number(0)).isPositive();
            assertThat(read(wire, 1, 5)).startsWith("\u0081\u0003all");
        }
    }

    @Test
    void aClientThatOpensNoWindowHoldsTheSenderAndNoOtherStream() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        BlockingHandler floods = exchange -> {
            WebSocket socket = exchange.webSocket().orElseThrow();
            try {
                for (byte[] block = new byte[16 * 1024]; ; sent.incrementAndGet()) {
                    socket.send(block);
                }
            } finally {
                ended.countDown();
            }
        };
        try (RouterFixture fixture = serve(floods);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            wire.send(WINDOW_UPDATE, 0, 0, Http2Wire.number(1_000_000));
            open(wire, 1);
            read(wire, 1, 65_535);
            wire.get(3, "/");
            assertThat(wire.answer(3).body()).isEqualTo("application");
            assertThat(sent.get()).isLessThan(100);
            assertThat(ended.getCount()).isEqualTo(1);
            wire.send(RST_STREAM, 0, 1, Http2Wire.number(CANCEL));
            assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSilentClientIsPingedAndThenGivenUp() throws Exception {
        try (RouterFixture fixture = serve(ECHO, "websockets-ping-freq=1", "websockets-pong-tolerance=1");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            assertThat(read(wire, 1, 2)).isEqualTo("\u0089\u0000");
            assertThat(fixture.logLine()).contains("why=websocket-timeout");
            wire.get(3, "/");
            assertThat(wire.answer(3).status()).isEqualTo("200");
        }
    }

    @Test
    void whatIsAgainstTheProtocolClosesItsStreamAlone() throws Exception {
        try (RouterFixture fixture = serve(ECHO, "websockets-max-size=2");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            wire.send(DATA, 0, 1, frame(0x82, new byte[3000]));
            assertThat(read(wire, 1, 4)).startsWith("\u0088").contains("\u0003\u00f1");
            assertThat(fixture.logLine()).contains("why=websocket-1009");
            open(wire, 3);
        }
    }

    @Test
    void drainingClosesWith1001() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            open(wire, 1);
            var _ = fixture.router.drain(Duration.ofSeconds(60));
            assertThat(read(wire, 1, 4)).startsWith("\u0088").contains("\u0003\u00e9");
            wire.send(DATA, 0, 1, frame(0x88, "\u0003\u00e9"));
            assertThat(wire.goAway()).isIn(0, Http2Wire.CUT);
        }
    }
}
