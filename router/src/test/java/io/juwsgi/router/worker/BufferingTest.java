package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.spool.Buffering;
import io.juwsgi.router.spool.Spools;
import io.juwsgi.router.worker.FakeWorker.Frame;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.testkit.TestExchange;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that wait in the gateway while the core serves others, with workers played over real sockets. */
final class BufferingTest {
    private static final int KIB = 1024;

    @TempDir
    Path directory;

    private Path files;
    private PoolRig rig;
    private Spools spools;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        files = Files.createDirectory(directory.resolve("files"));
        start(64L * KIB * KIB, KIB * KIB);
    }

    private void start(long quota, long responseLimit) throws Exception {
        close();
        spools = new Spools(files, quota);
        rig = new PoolRig(PoolSettings.defaults().with(new Buffering(spools, 64 * KIB, 16 * KIB, responseLimit)));
        worker = rig.worker(1, 1, Files.createTempDirectory(directory, "w"));
    }

    @AfterEach
    void close() throws Exception {
        if (rig != null) {
            rig.close();
        }
    }

    private static byte[] bytes(int size, int seed) {
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            all[i] = (byte) (i * 31 + i / 251 + seed);
        }
        return all;
    }

    private TestExchange upload(long length) throws Exception {
        TestExchange exchange = rig.exchange("POST", "/upload").streamedBody(length);
        rig.handle(exchange);
        return exchange;
    }

    private byte[] uploaded() throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            Frame frame = worker.next(0);
            assertThat(frame.type()).isEqualTo(FrameType.BODY);
            all.writeBytes(frame.payload());
            if (frame.has(FrameHeader.END)) {
                return all.toByteArray();
            }
        }
    }

    private void awaitEmpty() throws Exception {
        rig.await(() -> spools.used() == 0);
    }

    @Test
    void aSlowUploadTakesNoCoreUntilItIsWhole() throws Exception {
        byte[] body = bytes(300 * KIB, 1);
        TestExchange exchange = upload(body.length);
        for (int at = 0; at < body.length; at += 50 * KIB) {
            exchange.sendBody(Arrays.copyOfRange(body, at, at + 50 * KIB));
            assertThat(rig.answers(worker, "/other")).isTrue();
        }
        assertThat(spools.held()).isEqualTo(new Spools.Held(0, body.length));
        exchange.endBody();

        Frame request = worker.next(0);
        assertThat(uploaded()).isEqualTo(body);
        worker.answer(request, "ok");

        assertThat(exchange.awaitEnd().text()).isEqualTo("ok");
        awaitEmpty();
    }

    @Test
    void itsFileHasNoNameAndIsPrivate() throws Exception {
        TestExchange exchange = upload(-1);
        exchange.sendBody(bytes(100 * KIB, 2));
        assertThat(rig.answers(worker, "/other")).isTrue();

        assertThat(spools.used()).isEqualTo(100 * KIB);
        try (Stream<Path> named = Files.list(files)) {
            assertThat(named).isEmpty();
        }
        exchange.endBody();
        worker.next(0);
        assertThat(uploaded()).isEqualTo(bytes(100 * KIB, 2));
    }

    @Test
    void aBodyThatFitsInMemoryNeedsNoFile() throws Exception {
        TestExchange exchange = upload(-1);
        exchange.sendBody(bytes(60 * KIB, 3));
        assertThat(rig.answers(worker, "/other")).isTrue();
        assertThat(spools.held()).isEqualTo(new Spools.Held(60 * KIB, 0));
        exchange.endBody();

        worker.next(0);
        assertThat(uploaded()).isEqualTo(bytes(60 * KIB, 3));
        assertThat(spools.held()).isEqualTo(new Spools.Held(0, 0));
    }

    @Test
    void aClientThatGoesInTheMiddleLeavesNothing() throws Exception {
        TestExchange exchange = upload(300 * KIB);
        exchange.sendBody(bytes(200 * KIB, 4));
        rig.await(() -> spools.used() == 200 * KIB);
        exchange.clientGone();
        exchange.awaitEnd();

        awaitEmpty();
        assertThat(rig.answers(worker, "/other")).isTrue();
    }

    @Test
    void aBodyThatBreaksFailsTheRequestAndNoCore() throws Exception {
        TestExchange exchange = upload(300 * KIB);
        exchange.sendBody(bytes(200 * KIB, 5));
        exchange.failBody(Failure.client(408, "body-too-slow", "The request body came too slowly."));

        assertThat(exchange.awaitEnd().failure().why()).isEqualTo("body-too-slow");
        awaitEmpty();
        assertThat(rig.answers(worker, "/other")).isTrue();
    }

    @Test
    void answers413WhenTheLengthAloneIsTooMuch() throws Exception {
        start(128 * KIB, KIB * KIB);
        TestExchange exchange = upload(129 * KIB);

        assertThat(exchange.awaitEnd().failure().status()).isEqualTo(413);
        assertThat(exchange.failure().why()).isEqualTo("body-over-quota");
    }

    @Test
    void answers503WhenTheQuotaIsUsedUp() throws Exception {
        start(128 * KIB, KIB * KIB);
        TestExchange first = upload(100 * KIB);
        first.sendBody(bytes(90 * KIB, 6));
        TestExchange second = upload(100 * KIB);
        second.sendBody(bytes(90 * KIB, 7));

        assertThat(second.awaitEnd().failure().status()).isEqualTo(503);
        assertThat(second.failure().why()).isEqualTo("body-buffer-full");
        assertThat(rig.answers(worker, "/other")).isTrue();
        first.sendBody(bytes(10 * KIB, 6));
        first.endBody();
        worker.answer(worker.next(0), "ok");
        assertThat(first.awaitEnd().text()).isEqualTo("ok");
        awaitEmpty();
    }

    @Test
    void answers503WhenNoFileCanBeMade() throws Exception {
        Files.delete(files);
        TestExchange exchange = upload(100 * KIB);
        exchange.sendBody(bytes(90 * KIB, 8));

        assertThat(exchange.awaitEnd().failure().why()).isEqualTo("body-buffer-full");
        assertThat(rig.answers(worker, "/other")).isTrue();
    }

    /** Has the core answer with {@code count} parts of 64 KiB, the first together with the head. */
    private byte[] answerLong(Frame request, int count) throws Exception {
        byte[] body = bytes(count * 64 * KIB, 9);
        worker.response(request, 0, "200 OK\nContent-Type: text/plain", "", 20);
        for (int i = 0; i < count; i++) {
            byte[] part = Arrays.copyOfRange(body, i * 64 * KIB, (i + 1) * 64 * KIB);
            worker.data(request, i == count - 1 ? FrameHeader.END : 0, part);
        }
        return body;
    }

    @Test
    void aSlowReaderHoldsNoCore() throws Exception {
        start(64L * KIB * KIB, 32L * KIB * KIB);
        TestExchange exchange = rig.request("GET", "/long");
        exchange.writable(false);
        byte[] body = answerLong(worker.next(0), 128);

        assertThat(rig.answers(worker, "/other")).isTrue();
        assertThat(spools.used()).isPositive();
        assertThat(exchange.ended()).isFalse();
        exchange.writable(true);
        assertThat(exchange.awaitEnd().bytes()).isEqualTo(body);
        awaitEmpty();
    }

    @Test
    void beyondTheLimitTheProducerWaits() throws Exception {
        start(64L * KIB * KIB, KIB * KIB);
        TestExchange exchange = rig.request("GET", "/long");
        Frame request = worker.next(0);
        exchange.writable(false);
        Thread answering = Thread.ofVirtual().start(() -> rig.unchecked(() -> answerLong(request, 256)));

        rig.await(() -> spools.used() > 0);
        TestExchange other = rig.request("GET", "/other");
        assertThat(other.ended()).isFalse();
        assertThat(spools.used()).isLessThan(2L * KIB * KIB);
        exchange.writable(true);
        assertThat(exchange.awaitEnd().bytes()).isEqualTo(bytes(256 * 64 * KIB, 9));
        answering.join();
        worker.answer(worker.next(0), "other");
        assertThat(other.awaitEnd().text()).isEqualTo("other");
    }

    @Test
    void aFullDiskMakesTheProducerWaitAndLosesNothing() throws Exception {
        Files.delete(files);
        TestExchange exchange = rig.request("GET", "/long");
        Frame request = worker.next(0);
        exchange.writable(false);
        Thread answering = Thread.ofVirtual().start(() -> rig.unchecked(() -> answerLong(request, 64)));

        rig.await(() -> rig.stats().workers().getFirst().cores().getFirst().inFlight() == 1);
        exchange.writable(true);
        assertThat(exchange.awaitEnd().bytes()).isEqualTo(bytes(64 * 64 * KIB, 9));
        answering.join();
        assertThat(rig.answers(worker, "/other")).isTrue();
    }

    @Test
    void aReaderThatGoesLeavesNothing() throws Exception {
        start(64L * KIB * KIB, 32L * KIB * KIB);
        TestExchange exchange = rig.request("GET", "/long");
        exchange.writable(false);
        answerLong(worker.next(0), 64);
        rig.await(() -> spools.used() > 0);
        exchange.clientGone();
        exchange.awaitEnd();

        awaitEmpty();
        assertThat(rig.answers(worker, "/other")).isTrue();
    }
}
