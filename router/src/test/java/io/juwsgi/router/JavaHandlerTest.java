package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.router.chain.ChainPlan.Application;
import io.juwsgi.router.chain.ChainPlan.MountPart;
import io.juwsgi.spi.exchange.BlockingHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Java applications at mount points. */
class JavaHandlerTest {
    private static final int MIB = 1024 * 1024;

    private static RouterFixture mounted(MountPart... mounts) {
        RouterFixture fixture = RouterFixture.http(Apps.text("application"));
        fixture.router.chain(new ChainPlan(List.of(), List.of(mounts), () -> {}));
        return fixture;
    }

    private static MountPart blocking(String mount, BlockingHandler handler) {
        return new MountPart("java", mount, new Application.Blocking(handler));
    }

    private static String get(Wire wire, String path) throws IOException {
        return wire.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").response();
    }

    @Test
    void theLongestMountPointWinsAndEndsAtASlash() throws Exception {
        try (RouterFixture fixture = mounted(
                        new MountPart("a", "/status", new Application.Async(Apps.text("short"))),
                        new MountPart("b", "/status/deep/", new Application.Async(Apps.text("long"))));
                Wire wire = fixture.connect()) {
            assertThat(get(wire, "/status")).endsWith("short");
            assertThat(get(wire, "/status/x")).endsWith("short");
            assertThat(get(wire, "/status/deep/er")).endsWith("long");
            assertThat(get(wire, "/statuses")).endsWith("application");
            assertThat(get(wire, "/")).endsWith("application");
        }
    }

    @Test
    void aBlockingHandlerRunsOnAVirtualThreadAndASmallAnswerHasItsLength() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        BlockingHandler handler = exchange -> {
            thread.set(Thread.currentThread());
            exchange.send(201, "application/json", "{\"path\":\"" + exchange.pathInfo() + "\"}");
        };
        try (RouterFixture fixture = mounted(blocking("/api", handler));
                Wire wire = fixture.connect()) {
            assertThat(get(wire, "/api/x"))
                    .startsWith("HTTP/1.1 201 ")
                    .containsIgnoringCase("content-length: 13\r\n")
                    .endsWith("{\"path\":\"/x\"}");
            assertThat(thread.get().isVirtual()).isTrue();
        }
    }

    @Test
    void fieldsBehindBodiesGoBothWays() throws Exception {
        BlockingHandler handler = exchange -> {
            exchange.body().transferTo(exchange.output());
            exchange.trailers()
                    .add("X-Got", String.valueOf(exchange.requestTrailers().first("x-sum")));
        };
        try (RouterFixture fixture = mounted(blocking("/", handler));
                Wire wire = fixture.connect()) {
            wire.send(
                    "POST / HTTP/1.1\r\nHost: x\r\nConnection: TE, close\r\nTE: trailers\r\nTransfer-Encoding: chunked\r\n"
                            + "\r\n2\r\nhi\r\n0\r\nX-Sum: 2\r\n\r\n");
            assertThat(wire.rest()).endsWith("\r\n\r\n2\r\nhi\r\n0\r\nX-Got: 2\r\n\r\n");
        }
    }

    @Test
    void bodiesStreamBothWays() throws Exception {
        BlockingHandler echo = exchange -> exchange.body().transferTo(exchange.output());
        try (RouterFixture fixture = mounted(blocking("/", echo));
                Wire wire = fixture.connect()) {
            byte[] sent = new byte[4 * MIB];
            for (int i = 0; i < sent.length; i++) {
                sent[i] = (byte) ('a' + i % 23);
            }
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    wire.send("POST / HTTP/1.0\r\nContent-Length: " + sent.length + "\r\n\r\n")
                            .send(sent);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            String response = wire.rest();
            sender.join();
            String body = response.substring(response.indexOf("\r\n\r\n") + 4);
            assertThat(body.equals(new String(sent, java.nio.charset.StandardCharsets.ISO_8859_1)))
                    .as("%d bytes came back as they were sent", body.length())
                    .isTrue();
        }
    }

    @Test
    void aSlowClientHoldsTheHandlerInsteadOfFillingMemoryAndItsEndFreesIt() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch ended = new CountDownLatch(1);
        BlockingHandler endless = exchange -> {
            try (OutputStream out = exchange.output()) {
                for (byte[] block = new byte[64 * 1024]; ; written.addAndGet(block.length)) {
                    out.write(block);
                }
            } finally {
                ended.countDown();
            }
        };
        try (RouterFixture fixture = mounted(blocking("/", endless))) {
            try (Wire wire = fixture.connect()) {
                wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
                assertThat(ended.await(1, TimeUnit.SECONDS)).isFalse();
                // The sockets' own buffers take a few MiB.
                assertThat(written.get()).isLessThan(64L * MIB);
            }
            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(fixture.router.extensionStats().getFirst().exceptions()).isZero();
        }
    }

    @Test
    void anExceptionIsA500AndIsCounted() throws Exception {
        BlockingHandler failing = exchange -> {
            exchange.output().write(1);
            throw new IOException("no such table");
        };
        try (RouterFixture fixture = mounted(blocking("/", failing));
                Wire wire = fixture.connect()) {
            assertThat(get(wire, "/")).startsWith("HTTP/1.1 500").doesNotContain("table");
            assertThat(get(wire, "/")).startsWith("HTTP/1.1 500");
            assertThat(fixture.router.extensionStats().getFirst().exceptions()).isEqualTo(2);
        }
    }

    @Test
    void manyBlockedHandlersHoldNoEventLoop() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(50);
        BlockingHandler blocked = exchange -> {
            waiting.countDown();
            release.await();
            exchange.send(200, "text/plain", "free");
        };
        try (RouterFixture fixture = mounted(blocking("/wait", blocked));
                Wire other = fixture.connect()) {
            List<Wire> wires = Stream.generate(fixture::connect).limit(50).toList();
            for (Wire wire : wires) {
                wire.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(get(other, "/")).endsWith("application");
            release.countDown();
            for (Wire wire : wires) {
                assertThat(wire.response()).endsWith("free");
                wire.close();
            }
        } finally {
            release.countDown();
        }
    }
}
