package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import io.juwsgi.spi.exchange.Chunk;
import io.juwsgi.spi.exchange.Exchange;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.RequestBody;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class BodyTest {
    private static final int MIB = 1024 * 1024;
    private static final long LARGE = 256L * MIB;

    /** Counts a body and answers with its size. */
    private static final class Counter implements Handler {
        final AtomicLong bytes = new AtomicLong();
        final AtomicLong peakMemory = new AtomicLong();

        @Override
        public void handle(Exchange exchange) {
            exchange.body().read(new RequestBody.Receiver() {
                @Override
                public void data(Chunk chunk) {
                    bytes.addAndGet(chunk.size());
                    peakMemory.accumulateAndGet(bufferMemory(), Math::max);
                    chunk.release();
                }

                @Override
                public void end() {
                    Apps.answer(exchange, 200, Long.toString(bytes.get()));
                }

                @Override
                public void failed(Failure failure) {
                    // The front answers.
                }
            });
        }
    }

    private static long bufferMemory() {
        return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT)
                .metric()
                .usedDirectMemory();
    }

    private static CompletableFuture<Void> sendLater(Wire client, String head, long size) {
        return CompletableFuture.runAsync(() -> {
            try {
                client.send(head);
                byte[] block = new byte[64 * 1024];
                for (long sent = 0; sent < size; sent += block.length) {
                    client.send(block);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void takesALargeUploadInLittleMemory() throws Exception {
        Counter counter = new Counter();
        try (RouterFixture router = RouterFixture.http(counter);
                Wire client = router.connect()) {
            var sent = sendLater(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + LARGE + "\r\n\r\n", LARGE);
            assertThat(client.response()).endsWith("\r\n\r\n" + LARGE);
            sent.get(20, TimeUnit.SECONDS);
        }
        assertThat(counter.peakMemory.get()).isLessThan(64L * MIB);
    }

    @Test
    void takesALargeUploadOverUwsgi() throws Exception {
        Counter counter = new Counter();
        byte[] packet =
                new UwsgiPacket().add("CONTENT_LENGTH", Long.toString(LARGE)).bytes(0, 0);
        try (RouterFixture router = RouterFixture.uwsgi(counter);
                Wire client = router.connect()) {
            var sent = sendLater(client, new String(packet, java.nio.charset.StandardCharsets.ISO_8859_1), LARGE);
            assertThat(client.rest()).endsWith("\r\n\r\n" + LARGE);
            sent.get(20, TimeUnit.SECONDS);
        }
        assertThat(counter.peakMemory.get()).isLessThan(64L * MIB);
    }

    @Test
    void takesALargeChunkedUpload() throws Exception {
        Counter counter = new Counter();
        int chunks = 1000;
        try (RouterFixture router = RouterFixture.http(counter);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            var sent = CompletableFuture.runAsync(() -> {
                try {
                    String chunk = "400\r\n" + "x".repeat(1024) + "\r\n";
                    for (int i = 0; i < chunks; i++) {
                        client.send(chunk);
                    }
                    client.send("0\r\n\r\n");
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(client.response()).endsWith("\r\n\r\n" + chunks * 1024);
            sent.get(20, TimeUnit.SECONDS);
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").response())
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void givesALargeDownloadInLittleMemory() throws Exception {
        Apps.Producer producer = new Apps.Producer(LARGE / Apps.Producer.CHUNK, "Content-Length", "" + LARGE);
        try (RouterFixture router = RouterFixture.http(producer);
                Wire client = router.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
            InputStream in = client.socket().getInputStream();
            byte[] block = new byte[256 * 1024];
            long peak = 0;
            for (long left = LARGE; left > 0; ) {
                int n = in.read(block, 0, (int) Math.min(left, block.length));
                assertThat(n).isPositive();
                left -= n;
                peak = Math.max(peak, bufferMemory());
            }
            assertThat(peak).isLessThan(64L * MIB);
        }
    }

    @Test
    void stopsTheProducerOfAClientThatDoesNotRead() throws Exception {
        Apps.Producer producer = new Apps.Producer(LARGE / Apps.Producer.CHUNK, "Content-Length", "" + LARGE);
        Handler handler = exchange -> {
            if (exchange.request().path().equals("/other")) {
                Apps.answer(exchange, 200, "other");
            } else {
                producer.handle(exchange);
            }
        };
        try (RouterFixture router = RouterFixture.http(handler);
                Wire lazy = router.connect();
                Wire other = router.connect()) {
            lazy.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").head();
            for (int i = 0; i < 500; i++) {
                assertThat(other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n").response())
                        .endsWith("other");
            }
            // What the kernel's socket buffers hold, and 128 KiB of ours.
            assertThat(producer.produced.get() * Apps.Producer.CHUNK).isLessThan(32L * MIB);
        }
    }

    @Test
    void readsNoMoreThanItsReadAheadWhileTheHandlerPauses() throws Exception {
        AtomicReference<Exchange> held = new AtomicReference<>();
        CountDownLatch came = new CountDownLatch(1);
        AtomicLong received = new AtomicLong();
        Handler handler = exchange -> {
            if (exchange.request().path().equals("/other")) {
                Apps.answer(exchange, 200, "other");
                return;
            }
            exchange.body().pause();
            exchange.body().read(new RequestBody.Receiver() {
                @Override
                public void data(Chunk chunk) {
                    received.addAndGet(chunk.size());
                    chunk.release();
                }

                @Override
                public void end() {
                    Apps.answer(exchange, 200, Long.toString(received.get()));
                }

                @Override
                public void failed(Failure failure) {
                    // The front answers.
                }
            });
            held.set(exchange);
            came.countDown();
        };
        long size = 32L * MIB;
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect();
                Wire other = router.connect()) {
            var sent = sendLater(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + size + "\r\n\r\n", size);
            assertThat(came.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 500; i++) {
                assertThat(other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n").response())
                        .endsWith("other");
            }
            assertThat(router.router.stats().bytesIn()).isLessThan(MIB);
            held.get().eventLoop().execute(() -> held.get().body().resume());
            assertThat(client.response()).endsWith("\r\n\r\n" + size);
            sent.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void callsTheHandlerWhenASmallBodyIsComplete() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        Handler handler = exchange -> {
            if (exchange.request().path().equals("/other")) {
                Apps.answer(exchange, 200, "other");
                return;
            }
            called.countDown();
            Apps.echo().handle(exchange);
        };
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect();
                Wire other = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo");
            assertThat(other.send("GET /other HTTP/1.1\r\nHost: x\r\n\r\n").response())
                    .endsWith("other");
            assertThat(called.getCount()).isEqualTo(1);
            assertThat(client.send("dy").response()).endsWith("\r\n\r\nbody");
        }
    }

    @Test
    void sends100WhenItWantsASmallBody() throws Exception {
        try (RouterFixture router = RouterFixture.http(Apps.echo());
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send("body").response())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith("body");
        }
    }

    @Test
    void sends100ForALargeBodyOnlyWhenTheHandlerReads() throws Exception {
        Counter counter = new Counter();
        try (RouterFixture router = RouterFixture.http(counter);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
            assertThat(client.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(client.send(new byte[100_000]).response()).endsWith("\r\n\r\n100000");
        }
        try (RouterFixture router = RouterFixture.http(Apps.text("no"));
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n");
            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200 ")
                    .contains("Connection: close")
                    .endsWith("no");
        }
    }

    @Test
    void skipsTheRestOfABodyThatNobodyRead() throws Exception {
        try (RouterFixture router = RouterFixture.http(Apps.text("hi"));
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 80000\r\n\r\n")
                    .send(new byte[80_000]);
            assertThat(client.response()).endsWith("hi");
            assertThat(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").response())
                    .endsWith("hi");
        }
    }

    @Test
    void failsTheBodyOfAClientThatStopsInIt() throws Exception {
        CompletableFuture<Failure> failed = new CompletableFuture<>();
        Handler handler = exchange -> exchange.body().read(new RequestBody.Receiver() {
            @Override
            public void data(Chunk chunk) {
                chunk.release();
            }

            @Override
            public void end() {
                failed.completeExceptionally(new AssertionError("a complete body"));
            }

            @Override
            public void failed(Failure failure) {
                failed.complete(failure);
            }
        });
        try (RouterFixture router = RouterFixture.http(handler);
                Wire client = router.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 80000\r\n\r\n")
                    .send(new byte[70_000])
                    .endOfData();
            assertThat(client.rest()).startsWith("HTTP/1.1 400 ").contains("body is not complete");
            assertThat(failed.get(20, TimeUnit.SECONDS).why()).isEqualTo("body-cut-off");
        }
    }
}
