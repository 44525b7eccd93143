package io.juwsgi.router;

import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.chain.ChainPlan.Application;
import io.juwsgi.router.chain.ChainPlan.MountPart;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.WebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** What tests of WebSockets have in common: a handler at {@code /ws}, and a client's frames. */
final class TestWebSockets {
    static final String HANDSHAKE = "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
            + "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    static final BlockingHandler ECHO = exchange -> {
        var socket = exchange.webSocket("chat", "echo");
        if (socket.isEmpty()) {
            exchange.fail(Failure.client(426, "no-websocket", "Ask for a WebSocket."));
            return;
        }
        for (WebSocket.Message m = socket.get().receive();
                m != null;
                m = socket.get().receive()) {
            if (m.text()) {
                socket.get().send(m.string());
            } else {
                socket.get().send(m.data());
            }
        }
    };

    static RouterFixture serve(BlockingHandler handler, String... settings) {
        RouterFixture fixture = RouterFixture.http(Apps.text("application"), settings);
        fixture.router.chain(new ChainPlan(
                List.of(), List.of(new MountPart("ws", "/ws", new Application.Blocking(handler))), () -> {}));
        return fixture;
    }

    static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        if (payload.length < 126) {
            out.write(0x80 | payload.length);
        } else if (payload.length < 65536) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            out.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        byte[] mask = {1, 2, 3, 4};
        out.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            out.write(payload[i] ^ mask[i % 4]);
        }
        return out.toByteArray();
    }

    static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns what a client sends that compresses (RFC 7692 section 7.2.1). */
    static byte[] deflate(byte[] message) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(message);
        byte[] out = new byte[message.length + 100];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, length - 4);
    }

    /** Returns what a client reads of a compressed message (RFC 7692 section 7.2.2). */
    static String inflate(Inflater inflater, byte[] payload) throws DataFormatException {
        byte[] in = Arrays.copyOf(payload, payload.length + 4);
        in[in.length - 2] = (byte) 0xff;
        in[in.length - 1] = (byte) 0xff;
        inflater.setInput(in);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[4096];
        for (int n; (n = inflater.inflate(block)) > 0; ) {
            out.write(block, 0, n);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private TestWebSockets() {}
}
