package io.juwsgi.router;

import static io.juwsgi.router.TestWebSockets.ECHO;
import static io.juwsgi.router.TestWebSockets.HANDSHAKE;
import static io.juwsgi.router.TestWebSockets.deflate;
import static io.juwsgi.router.TestWebSockets.frame;
import static io.juwsgi.router.TestWebSockets.inflate;
import static io.juwsgi.router.TestWebSockets.serve;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** permessage-deflate, by the sections of RFC 7692, byte by byte. */
@Timeout(120)
final class WebSocketDeflateTest {
    private static final String OFFER = "permessage-deflate; client_max_window_bits";

    /** {@code Hello}, as section 7.2.3.1 has it. */
    private static final byte[] HELLO = {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00};

    private static final int TEXT_DEFLATED = 0xc1;

    private static Wire open(RouterFixture fixture, String offer) throws IOException {
        Wire wire = fixture.connect();
        wire.send(HANDSHAKE.replace("\r\n\r\n", "\r\nSec-WebSocket-Extensions: " + offer + "\r\n\r\n"));
        return wire;
    }

    private static Wire agreed(RouterFixture fixture, String offer) throws IOException {
        Wire wire = open(fixture, offer);
        assertThat(wire.head()).contains("\r\nSec-WebSocket-Extensions: permessage-deflate");
        return wire;
    }

    private static byte[] bytes(Wire wire, int count) throws IOException {
        return wire.read(count).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads a frame that begins with {@code first}, and returns what it holds. */
    private static byte[] payload(Wire wire, int first) throws IOException {
        byte[] head = bytes(wire, 2);
        assertThat(head[0] & 0xff).isEqualTo(first);
        int length = head[1] & 0xff;
        if (length == 126) {
            byte[] two = bytes(wire, 2);
            length = (two[0] & 0xff) << 8 | two[1] & 0xff;
        }
        return bytes(wire, length);
    }

    private static int closeCode(Wire wire) throws IOException {
        byte[] payload = payload(wire, 0x88);
        return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
    }

    @Test
    void section6FramesOfACompressedMessageMayBeMixedWithPings() throws Exception {
        try (RouterFixture fixture = serve(ECHO);
                Wire wire = agreed(fixture, OFFER)) {
            wire.send(frame(0x41, Arrays.copyOf(HELLO, 3)))
                    .send(frame(0x89, "p"))
                    .send(frame(0x80, Arrays.copyOfRange(HELLO, 3, 7)));
            assertThat(wire.read(3)).isEqualTo("\u008a\u0001p");
            // Too short to be worth it.
            assertThat(wire.read(7)).isEqualTo("\u0081\u0005Hello");
            wire.send(frame(0x81, "plain"));
            assertThat(wire.read(7)).isEqualTo("\u0081\u0005plain");
        }
    }

    @Test
    void section6TheBitIsAnErrorWithoutTheExtensionAndOnOtherFrames() throws Exception {
        try (RouterFixture fixture = serve(ECHO)) {
            for (byte[] wrong : List.of(frame(0xc9, "p"), frame(0xc0, HELLO), frame(0xa1, HELLO))) {
                try (Wire wire = agreed(fixture, OFFER)) {
                    assertThat(closeCode(wire.send(wrong))).isEqualTo(1002);
                }
            }
            try (Wire wire = open(fixture, "x-webkit-deflate-frame")) {
                assertThat(wire.head()).startsWith("HTTP/1.1 101 ").doesNotContain("Extensions");
                assertThat(closeCode(wire.send(frame(TEXT_DEFLATED, HELLO)))).isEqualTo(1002);
            }
        }
    }

    @Test
    void section71TheFirstOfferThatCanBeMetIs() throws Exception {
        record Case(String offer, String answer) {}
        List<Case> cases = List.of(
                new Case("permessage-deflate", "; server_no_context_takeover; client_no_context_takeover"),
                new Case(OFFER, "; server_no_context_takeover; client_no_context_takeover"),
                new Case(
                        "permessage-deflate; server_max_window_bits=\"10\"",
                        "; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=10"),
                new Case(
                        "permessage-deflate; server_max_window_bits=7, permessage-deflate",
                        "; server_no_context_takeover; client_no_context_takeover"));
        try (RouterFixture fixture = serve(ECHO)) {
            for (Case one : cases) {
                try (Wire wire = open(fixture, one.offer())) {
                    assertThat(wire.head())
                            .contains("\r\nSec-WebSocket-Extensions: permessage-deflate" + one.answer() + "\r\n");
                }
            }
            for (String declined : List.of(
                    "permessage-deflate; unknown",
                    "permessage-deflate; server_max_window_bits",
                    "permessage-deflate; server_max_window_bits=010",
                    "permessage-deflate; client_max_window_bits=16",
                    "permessage-deflate; server_no_context_takeover=1",
                    "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
                    "permessage-bzip2")) {
                try (Wire wire = open(fixture, declined)) {
                    assertThat(wire.head()).startsWith("HTTP/1.1 101 ").doesNotContain("Extensions");
                }
            }
            for (String malformed : List.of("permessage-deflate;", ",", "a b", "a; b=\"c", "a; b=")) {
                try (Wire wire = open(fixture, malformed)) {
                    assertThat(wire.head()).startsWith("HTTP/1.1 426 ");
                }
            }
        }
    }

    @Test
    void section711ContextIsKeptWhenBothWantIt() throws Exception {
        String text = "the same words again ".repeat(40);
        try (RouterFixture fixture = serve(ECHO, "websockets-deflate=context");
                Wire wire = open(fixture, "permessage-deflate")) {
            assertThat(wire.head()).contains("Extensions: permessage-deflate\r\n");
            Inflater inflater = new Inflater(true);
            wire.send(frame(0x81, text));
            byte[] first = payload(wire, TEXT_DEFLATED);
            assertThat(inflate(inflater, first)).isEqualTo(text);
            wire.send(frame(0x81, text));
            byte[] second = payload(wire, TEXT_DEFLATED);
            assertThat(inflate(inflater, second)).isEqualTo(text);
            assertThat(second).hasSizeLessThan(first.length);
            // Section 7.2.3.2: the second refers to the first.
            wire.send(frame(TEXT_DEFLATED, HELLO));
            assertThat(wire.read(7)).isEqualTo("\u0081\u0005Hello");
            wire.send(frame(TEXT_DEFLATED, new byte[] {(byte) 0xf2, 0x00, 0x11, 0x00, 0x00}));
            assertThat(wire.read(7)).isEqualTo("\u0081\u0005Hello");
        }
    }

    @Test
    void section712NothingRefersFartherBackThanTheWindowThatWasAskedFor() throws Exception {
        // Of the 600 different bytes the second half repeats the first: a window of 256 cannot see that.
        String once = IntStream.range(0, 600)
                .mapToObj(i -> Integer.toString(i * 7919, 36))
                .collect(Collectors.joining());
        String text = once + once;
        try (RouterFixture fixture = serve(ECHO)) {
            int[] sizes = new int[2];
            for (int i = 0; i < 2; i++) {
                try (Wire wire = agreed(fixture, "permessage-deflate" + (i == 0 ? "; server_max_window_bits=8" : ""))) {
                    wire.send(frame(0x81, text));
                    byte[] got = payload(wire, TEXT_DEFLATED);
                    sizes[i] = got.length;
                    assertThat(inflate(new Inflater(true), got)).isEqualTo(text);
                }
            }
            assertThat(sizes[1]).isLessThan(sizes[0] * 3 / 4);
        }
    }

    @Test
    void section723EveryFormOfBlocksIsUnderstood() throws Exception {
        byte[] stored = {0x00, 0x05, 0x00, (byte) 0xfa, (byte) 0xff, 'H', 'e', 'l', 'l', 'o', 0x00};
        byte[] last = {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00, 0x00};
        byte[] two = {
            (byte) 0xf2,
            0x48,
            0x05,
            0x00,
            0x00,
            0x00,
            (byte) 0xff,
            (byte) 0xff,
            (byte) 0xca,
            (byte) 0xc9,
            (byte) 0xc9,
            0x07,
            0x00
        };
        try (RouterFixture fixture = serve(ECHO);
                Wire wire = agreed(fixture, OFFER)) {
            for (byte[] one : List.of(HELLO, stored, last, two)) {
                wire.send(frame(TEXT_DEFLATED, one));
                assertThat(wire.read(7)).isEqualTo("\u0081\u0005Hello");
            }
            // Section 7.2.3.6: nothing at all.
            wire.send(frame(TEXT_DEFLATED, new byte[] {0}));
            assertThat(wire.read(2)).isEqualTo("\u0081\u0000");
        }
    }

    @Test
    void section9WhatInflatesTooFarOrWronglyCloses() throws Exception {
        record Case(byte[] bytes, int code) {}
        byte[] nothing = new byte[3000];
        for (int i = 0; i + 5 <= nothing.length; i += 5) {
            nothing[i + 3] = (byte) 0xff;
            nothing[i + 4] = (byte) 0xff;
        }
        List<Case> cases = List.of(
                new Case(frame(TEXT_DEFLATED, deflate(new byte[2049])), 1009),
                new Case(frame(0xc2, deflate(new byte[5_000_000])), 1009),
                // Blocks without content, for ever.
                new Case(frame(0xc2, nothing), 1009),
                new Case(frame(TEXT_DEFLATED, new byte[] {0x07, 0x01}), 1007),
                // A reference to what was never there.
                new Case(frame(TEXT_DEFLATED, new byte[] {(byte) 0xf2, 0x00, 0x11, 0x00, 0x00}), 1007),
                new Case(frame(TEXT_DEFLATED, deflate(new byte[] {'a', (byte) 0xff})), 1007),
                new Case(frame(TEXT_DEFLATED, deflate(new byte[] {'a', (byte) 0xc3})), 1007));
        try (RouterFixture fixture = serve(ECHO, "websockets-max-size=2")) {
            for (Case one : cases) {
                try (Wire wire = agreed(fixture, OFFER)) {
                    assertThat(closeCode(wire.send(one.bytes()))).isEqualTo(one.code());
                    assertThat(fixture.logLine()).contains("why=websocket-" + one.code());
                }
            }
            try (Wire wire = agreed(fixture, OFFER)) {
                wire.send(frame(0xc2, deflate(new byte[2048])));
                assertThat(inflate(new Inflater(true), payload(wire, 0xc2))).hasSize(2048);
            }
        }
    }

    @Test
    void aHandlerThatIsSlowHasNoFloodOfInflatedMessages() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        BlockingHandler slow = exchange -> {
            WebSocket socket = exchange.webSocket().orElseThrow();
            go.await();
            int count = 0;
            for (WebSocket.Message m = socket.receive(); m.data().length > 0; m = socket.receive()) {
                count++;
            }
            socket.send(Integer.toString(count));
        };
        byte[] zeros = frame(0xc2, deflate(new byte[1_000_000]));
        try (RouterFixture fixture = serve(slow);
                Wire wire = agreed(fixture, OFFER)) {
            for (int i = 0; i < 40; i++) {
                wire.send(zeros);
            }
            wire.send(frame(0x82, ""));
            go.countDown();
            assertThat(wire.read(4)).isEqualTo("\u0081\u000240");
        }
    }

    @Test
    void compressionMayBeTurnedOffAndShortMessagesGoAsTheyAre() throws Exception {
        try (RouterFixture fixture = serve(ECHO, "websockets-deflate=off");
                Wire wire = open(fixture, OFFER)) {
            assertThat(wire.head()).startsWith("HTTP/1.1 101 ").doesNotContain("Extensions");
        }
        try (RouterFixture fixture = serve(ECHO, "websockets-deflate-min=20");
                Wire wire = agreed(fixture, OFFER)) {
            wire.send(frame(0x81, "a".repeat(19))).send(frame(0x81, "a".repeat(20)));
            assertThat(payload(wire, 0x81)).hasSize(19);
            assertThat(inflate(new Inflater(true), payload(wire, TEXT_DEFLATED)))
                    .hasSize(20);
        }
    }
}
