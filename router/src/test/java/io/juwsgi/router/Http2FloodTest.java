package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.exchange.Exchange;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Frames that cost a client nothing: too many of them end the connection, with a reason, and nobody else's. */
class Http2FloodTest {
    private static final int ENHANCE_YOUR_CALM = 11;

    private interface Attack {
        void run(Http2Wire wire) throws Exception;
    }

    /** Runs an attack beside a client that behaves; returns the error code that the attacker was told. */
    private static int attack(Attack attack) throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "disable-logging=true");
                Http2Wire good = Http2Wire.connect(fixture.port());
                Http2Wire bad = Http2Wire.connect(fixture.port())) {
            try {
                attack.run(bad);
            } catch (java.net.SocketException e) {
                // Closed while it still sends.
            }
            int code = bad.goAway();
            good.get(1, "/");
            assertThat(good.answer(1).body()).isEqualTo("hello");
            return code;
        }
    }

    private static byte[] many(int count, java.util.function.IntFunction<byte[]> frame) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame.apply(i));
        }
        return all.toByteArray();
    }

    @Test
    void rapidResetIsEnded() throws Exception {
        byte[] request = Http2Wire.request("GET", "/");
        int code = attack(wire -> wire.raw(many(400, i -> {
            ByteArrayOutputStream pair = new ByteArrayOutputStream();
            int flags = Http2Wire.END_HEADERS | Http2Wire.END_STREAM;
            pair.writeBytes(Http2Wire.frame(Http2Wire.HEADERS, flags, 2 * i + 1, request));
            pair.writeBytes(Http2Wire.frame(Http2Wire.RST_STREAM, 0, 2 * i + 1, Http2Wire.number(8)));
            return pair.toByteArray();
        })));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void settingsFloodIsEnded() throws Exception {
        int code = attack(wire -> wire.raw(many(5000, i -> Http2Wire.frame(Http2Wire.SETTINGS, 0, 0))));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void pingFloodIsEnded() throws Exception {
        int code = attack(wire -> wire.raw(many(5000, i -> Http2Wire.frame(Http2Wire.PING, 0, 0, new byte[8]))));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void priorityAndUnknownFramesAreCountedToo() throws Exception {
        int code = attack(wire ->
                wire.raw(many(5000, i -> Http2Wire.frame(Http2Wire.PRIORITY, 0, 2 * i + 1, new byte[5]))));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
        code = attack(wire -> wire.raw(many(5000, i -> Http2Wire.frame(77, 0, 0))));
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void continuationFloodIsEnded() throws Exception {
        byte[] request = Http2Wire.request("GET", "/");
        int code = attack(wire -> {
            wire.send(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, request);
            wire.raw(many(5000, i -> Http2Wire.frame(Http2Wire.CONTINUATION, 0, 1, Http2Wire.block("x", "y"))));
        });
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void aHeadBeyondAllBoundsIsEnded() throws Exception {
        byte[] request = Http2Wire.request("GET", "/");
        byte[] large = Http2Wire.block("x-large", "y".repeat(16_000));
        int code = attack(wire -> {
            wire.send(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, request);
            wire.raw(many(100, i -> Http2Wire.frame(Http2Wire.CONTINUATION, 0, 1, large)));
        });
        assertThat(code).isNotZero();
    }

    @Test
    void aHeadBeyondTheLimitIsRefused() throws Exception {
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"), "buffer-size=4096");
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            // Read first: what is sent before the limit is known may be refused with the connection.
            wire.await(Http2Wire.SETTINGS, 0);
            wire.get(1, "/", "x-large", "y".repeat(4_200));
            assertThat(wire.answer(1).status()).isEqualTo("431");
            wire.get(3, "/");
            assertThat(wire.answer(3).body()).isEqualTo("hello");
        }
        try (RouterFixture fixture = RouterFixture.http(Apps.text("hello"));
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            String[] fields = new String[2 * 130];
            for (int i = 0; i < fields.length; i += 2) {
                fields[i] = "x-" + i;
                fields[i + 1] = "y";
            }
            wire.get(1, "/", fields);
            assertThat(wire.answer(1).status()).isEqualTo("431");
            wire.get(3, "/" + "p".repeat(8_200));
            assertThat(wire.answer(3).status()).isEqualTo("414");
        }
    }

    @Test
    void emptyDataFramesAreEnded() throws Exception {
        byte[] request = Http2Wire.request("POST", "/");
        int code = attack(wire -> {
            wire.send(Http2Wire.HEADERS, Http2Wire.END_HEADERS, 1, request);
            wire.raw(many(1000, i -> Http2Wire.frame(Http2Wire.DATA, 0, 1)));
        });
        assertThat(code).isIn(ENHANCE_YOUR_CALM, Http2Wire.CUT);
    }

    @Test
    void moreStreamsThanAllowedAreRefused() throws Exception {
        BlockingQueue<Exchange> kept = new LinkedBlockingQueue<>();
        try (RouterFixture fixture = RouterFixture.http(kept::add);
                Http2Wire wire = Http2Wire.connect(fixture.port())) {
            for (int i = 0; i <= 100; i++) {
                wire.get(2 * i + 1, "/");
            }
            // REFUSED_STREAM: the request may be repeated.
            assertThat(wire.await(Http2Wire.RST_STREAM, 201).number(0)).isEqualTo(7);
            assertThat(kept).hasSize(100);
        }
    }
}
