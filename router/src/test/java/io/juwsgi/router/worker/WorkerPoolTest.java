package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.worker.FakeWorker.Frame;
import io.juwsgi.spi.exchange.Failure;
import io.juwsgi.spi.worker.WorkerGroup;
import io.juwsgi.testkit.TestExchange;
import io.juwsgi.testkit.TestRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests, answers, faults and deaths, with workers played over real sockets. */
final class WorkerPoolTest {
    @TempDir
    Path directory;

    private PoolRig rig = new PoolRig(PoolSettings.defaults());

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private void restart(PoolSettings settings) throws Exception {
        rig.close();
        rig = new PoolRig(settings);
    }

    private FakeWorker worker(int id, int cores) throws Exception {
        return rig.worker(id, cores, directory);
    }

    @Test
    void handsARequestToACoreAndItsAnswerBack() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/hello");

        Frame request = worker.next(0);
        worker.answer(request, "Hello", 123);
        exchange.awaitEnd();

        assertThat(request.type()).isEqualTo(FrameType.REQUEST);
        assertThat(request.has(FrameHeader.END)).isTrue();
        assertThat(request.text(0))
                .contains("PATH_INFO", "/hello", "wsgi.url_scheme", "http", "juwsgi.request_id", exchange.id());
        assertThat(exchange.head().status()).isEqualTo(200);
        assertThat(exchange.head().reason()).isEqualTo("OK");
        assertThat(exchange.head().fields().all("x-twice")).containsExactly("a", "b");
        assertThat(exchange.text()).isEqualTo("Hello");
        assertThat(exchange.account().serviceMicros()).isEqualTo(123);
        assertThat(exchange.account().workerId()).isEqualTo(1);
        assertThat(exchange.account().core()).isZero();
    }

    @Test
    void givesOneRequestAtATimeToAnUnknownCoreAndQueuesTheRest() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange first = rig.request("GET", "/1");
        TestExchange second = rig.request("GET", "/2");

        Frame one = worker.next(0);
        assertThat(rig.stats().waiting()).isEqualTo(1);
        assertThat(worker.peek(0)).isNull();
        worker.answer(one, "1");
        worker.answer(worker.next(0), "2");

        assertThat(first.awaitEnd().text()).isEqualTo("1");
        assertThat(second.awaitEnd().text()).isEqualTo("2");
    }

    @Test
    void sendsASmallBodyInsideTheRequestOnceItIsWhole() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/form").streamedBody(6);
        rig.handle(exchange);
        exchange.sendBody("abc".getBytes());
        assertThat(rig.stats().workers().getFirst().cores().getFirst().inFlight())
                .isZero();
        exchange.sendBody("def".getBytes());
        exchange.endBody();

        Frame request = worker.next(0);
        worker.answer(request, "ok");

        assertThat(request.inlineBody()).isEqualTo("abcdef");
        assertThat(request.has(FrameHeader.END)).isTrue();
        assertThat(exchange.awaitEnd().text()).isEqualTo("ok");
    }

    @Test
    void passesEarlyHintsOn() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/hello");

        Frame request = worker.next(0);
        byte[] hints = "103 Early Hints\nLink: </a.css>; rel=preload".getBytes();
        worker.send(0, new FrameHeader(hints.length, FrameType.INTERIM, 0, request.id(), 0, 0), hints);
        worker.answer(request, "Hello", 123);

        assertThat(exchange.awaitEnd().text()).isEqualTo("Hello");
        assertThat(worker.endpoint.failures).isEmpty();
    }

    @Test
    void streamsALargeBody() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/upload").streamedBody(-1);
        rig.handle(exchange);

        Frame request = worker.next(0);
        assertThat(request.has(FrameHeader.END)).isFalse();
        exchange.sendBody("abc".getBytes());
        assertThat(worker.next(0).text(0)).isEqualTo("abc");
        exchange.sendBody("def".getBytes());
        assertThat(worker.next(0).text(0)).isEqualTo("def");
        exchange.endBody();
        Frame end = worker.next(0);
        worker.answer(request, "ok");

        assertThat(end.type()).isEqualTo(FrameType.BODY);
        assertThat(end.header().flags()).isEqualTo(FrameHeader.END);
        assertThat(exchange.awaitEnd().text()).isEqualTo("ok");
    }

    @Test
    void pausesTheBodyWhileTheWorkerDoesNotRead() throws Exception {
        FakeWorker worker = rig.deafWorker(1, directory);
        TestExchange exchange = rig.exchange("POST", "/upload").streamedBody(-1);
        rig.handle(exchange);
        rig.await(() -> rig.stats().workers().getFirst().cores().getFirst().inFlight() == 1);

        for (int i = 0; i < 10_000 && !exchange.bodyPaused(); i++) {
            exchange.sendBody(new byte[64 * 1024]);
            rig.onLoop(() -> {});
        }

        assertThat(exchange.bodyPaused()).isTrue();
        worker.hear();
        rig.await(() -> !exchange.bodyPaused());
    }

    @Test
    void cutsTheBodyOffWhenTheAnswerIsCompleteBeforeIt() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/upload").streamedBody(1_000_000);
        rig.handle(exchange);

        worker.answer(worker.next(0), "no thanks");
        Frame end = worker.next(0);

        assertThat(exchange.awaitEnd().text()).isEqualTo("no thanks");
        assertThat(end.type()).isEqualTo(FrameType.BODY);
        assertThat(end.header().flags()).isEqualTo(FrameHeader.END | FrameHeader.REFUSED);
        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void tellsTheWorkerWhenTheBodyFails() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/upload").streamedBody(1_000_000);
        rig.handle(exchange);
        Frame request = worker.next(0);

        exchange.failBody(Failure.client(408, "slow-body", "The body came too slowly."));
        Frame end = worker.next(0);
        exchange.awaitEnd();
        worker.failed(request, "OSError: body cut off");

        assertThat(end.header().flags()).isEqualTo(FrameHeader.END | FrameHeader.REFUSED);
        assertThat(exchange.failure().status()).isEqualTo(408);
        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void streamsAResponseAsItComes() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/stream");

        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "", 0);
        exchange.awaitHead();
        worker.data(request, 0, "one ".getBytes());
        rig.await(() -> exchange.size() == 4);
        worker.data(request, 0, new byte[0]);
        worker.data(request, FrameHeader.END, "two".getBytes());

        assertThat(exchange.awaitEnd().text()).isEqualTo("one two");
    }

    @Test
    void readsNoFurtherWhileTheClientIsSlow() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("GET", "/big");
        exchange.writable(false);
        rig.handle(exchange);
        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "", 0);
        int total = 4 * 1024 * 1024;
        Thread writer = Thread.ofVirtual()
                .start(() -> rig.unchecked(() -> {
                    for (int i = 0; i < total / 65_536; i++) {
                        worker.data(request, 0, new byte[65_536]);
                    }
                    worker.data(request, FrameHeader.END, new byte[0]);
                }));

        rig.await(() -> exchange.size() > 0);
        rig.onLoop(() -> {});
        rig.onLoop(() -> assertThat(exchange.size()).isLessThan(total / 2));
        exchange.writable(true);
        exchange.awaitEnd();
        writer.join();

        assertThat(exchange.size()).isEqualTo(total);
    }

    @Test
    void sendsAFileThatTheWorkerHasOpen() throws Exception {
        Path file = Files.writeString(directory.resolve("data"), "0123456789");
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/file");
        Frame request = worker.next(0);

        // The fake worker lives in this process: the descriptor is one of ours.
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
            int descriptor = OpenFiles.descriptorOf(file);
            worker.response(request, 0, "200 OK", "", 0);
            worker.send(0, fileHeader(request, descriptor), fileRange(3, 4));
            Frame taken = worker.next(0);
            assertThat(taken.type()).isEqualTo(FrameType.FILE_TAKEN);
            assertThat(taken.header().flags()).isZero();
            assertThat(open.isOpen()).isTrue();
        }
        worker.data(request, FrameHeader.END, new byte[0]);

        assertThat(exchange.awaitEnd().text()).isEqualTo("3456");
    }

    @Test
    void refusesAFileThatIsNoneOrTooShort() throws Exception {
        Path file = Files.writeString(directory.resolve("data"), "0123456789");
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/file");
        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "", 0);

        try (FileChannel open = FileChannel.open(file, StandardOpenOption.READ)) {
            int descriptor = OpenFiles.descriptorOf(file);
            for (long[] range : new long[][] {{0, 11}, {11, 0}, {-1, 5}, {5, Long.MAX_VALUE}}) {
                worker.send(0, fileHeader(request, descriptor), fileRange(range[0], range[1]));
                assertThat(worker.next(0).header().flags()).isEqualTo(FrameHeader.REFUSED);
            }
            assertThat(open.isOpen()).isTrue();
        }
        try (FileChannel device = FileChannel.open(Path.of("/dev/zero"), StandardOpenOption.READ)) {
            for (int descriptor : new int[] {-5, 99_999, OpenFiles.descriptorOf(Path.of("/dev/zero"))}) {
                worker.send(0, fileHeader(request, descriptor), fileRange(0, 0));
                assertThat(worker.next(0).header().flags()).isEqualTo(FrameHeader.REFUSED);
            }
            assertThat(device.isOpen()).isTrue();
        }
        worker.data(request, FrameHeader.END, "streamed".getBytes());

        assertThat(exchange.awaitEnd().text()).isEqualTo("streamed");
    }

    private static FrameHeader fileHeader(Frame request, int descriptor) {
        return new FrameHeader(16, FrameType.FILE, 0, request.id(), descriptor, 0);
    }

    private static byte[] fileRange(long offset, long count) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(offset)
                .putLong(count)
                .array();
    }

    @Test
    void answers500WhenTheApplicationFails() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/error");

        worker.failed(worker.next(0), "ValueError: secret");
        exchange.awaitEnd();

        assertThat(exchange.failure().status()).isEqualTo(500);
        assertThat(exchange.failure().why()).isEqualTo("app-exception");
        assertThat(exchange.failure().reason()).doesNotContain("secret");
        assertThat(exchange.account().serviceMicros()).isEqualTo(7);
        assertThat(rig.stats().workers().getFirst().exceptions()).isEqualTo(1);
        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void cutsAResponseWhoseApplicationFailsInItsMiddle() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/error");

        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "half", 0);
        worker.failed(request, "ValueError");
        exchange.awaitEnd();

        assertThat(exchange.text()).isEqualTo("half");
        assertThat(exchange.failure().why()).isEqualTo("app-exception");
    }

    @Test
    void answers502ForAMalformedHeadAndKeepsTheWorker() throws Exception {
        FakeWorker worker = worker(1, 1);
        for (String head : List.of(
                "",
                "20",
                "2000 OK",
                "abc OK",
                "100 Continue",
                "200 OK\nBad Name: x",
                "200 OK\n:",
                "200 OK\nNoColon",
                "200 OK\nA: b\rC: d",
                "200 OK\n\nA: b")) {
            TestExchange exchange = rig.request("GET", "/");
            worker.response(worker.next(0), FrameHeader.END, head, "body", 5);
            exchange.awaitEnd();

            assertThat(exchange.failure()).as(head).isNotNull();
            assertThat(exchange.failure().status()).as(head).isEqualTo(502);
        }
        assertThat(worker.endpoint.failures).isEmpty();
    }

    @Test
    void leavesFieldsOfOneConnectionOut() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/");

        worker.response(
                worker.next(0),
                FrameHeader.END,
                "404 Nothing Here\nConnection: close\nTransfer-Encoding: chunked\nTE: x\nA: \t1 \nB:",
                "",
                5);
        exchange.awaitEnd();

        assertThat(exchange.head().status()).isEqualTo(404);
        assertThat(exchange.head().reason()).isEqualTo("Nothing Here");
        assertThat(exchange.head().fields()).hasToString("A: 1 \nB: \n");
    }

    @Test
    void discardsTheAnswerOfAClientThatWentAway() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/");
        Frame request = worker.next(0);

        exchange.clientGone();
        exchange.awaitEnd();
        worker.response(request, 0, "200 OK", "a", 0);
        worker.data(request, FrameHeader.END, "b".getBytes());

        assertThat(rig.answers(worker, "/next")).isTrue();
        assertThat(exchange.text()).isEmpty();
    }

    @Test
    void readsOnWhenASlowClientGoesAway() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.exchange("GET", "/big");
        exchange.writable(false);
        rig.handle(exchange);
        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "x", 0);
        rig.await(() -> exchange.size() == 1);

        exchange.clientGone();
        worker.data(request, FrameHeader.END, new byte[1_000_000]);

        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void aWaitingRequestWhoseClientGoesLeavesTheQueue() throws Exception {
        TestExchange first = rig.request("GET", "/1");
        TestExchange second = rig.request("POST", "/2");
        TestExchange third = rig.request("GET", "/3");
        first.clientGone();
        second.clientGone();
        first.awaitEnd();
        second.awaitEnd();
        assertThat(rig.stats().waiting()).isEqualTo(1);

        FakeWorker worker = worker(1, 1);
        Frame request = worker.next(0);
        worker.answer(request, "3");

        assertThat(request.text(0)).contains("/3");
        assertThat(third.awaitEnd().text()).isEqualTo("3");
        assertThat(rig.stats().waiting()).isZero();
    }

    @Test
    void answers503WhenTheQueueIsFull() throws Exception {
        restart(new PoolSettings(java.time.Duration.ZERO, 0, 0, 2));
        rig.request("GET", "/1");
        rig.request("POST", "/2");
        TestExchange third = rig.request("GET", "/3");

        third.awaitEnd();

        assertThat(third.failure().status()).isEqualTo(503);
        assertThat(third.failure().why()).isEqualTo("queue-full");
        assertThat(rig.stats().refused()).isEqualTo(1);
    }

    @Test
    void waitsWhileWorkersStartAndRefusesWhenThereWillBeNone() throws Exception {
        TestExchange waiting = rig.request("GET", "/1");
        assertThat(rig.stats().waiting()).isEqualTo(1);

        rig.pool.state(WorkerGroup.State.UNAVAILABLE);
        waiting.awaitEnd();
        TestExchange later = rig.request("GET", "/2").awaitEnd();

        assertThat(waiting.failure().status()).isEqualTo(503);
        assertThat(later.failure().why()).isEqualTo("no-worker");
    }

    @Test
    void aRequestThatCannotBeEncodedFailsAlone() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange broken = rig.request(TestRequest.get("/broken").variables(sink -> {
                    throw new IllegalStateException("no variables for this request");
                }))
                .awaitEnd();

        assertThat(broken.failure().status()).isEqualTo(500);
        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void aSafeRequestSurvivesItsWorker() throws Exception {
        FakeWorker dying = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/");
        dying.next(0);

        dying.die();
        FakeWorker other = worker(2, 1);
        other.answer(other.next(0), "still here");

        assertThat(exchange.awaitEnd().text()).isEqualTo("still here");
        assertThat(exchange.account().workerId()).isEqualTo(2);
        assertThat(dying.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("link");
    }

    @Test
    void aRequestKillsThreeWorkersAtMost() throws Exception {
        TestExchange exchange = rig.request("GET", "/poison");
        for (int i = 1; i <= 3; i++) {
            assertThat(exchange.ended()).isFalse();
            FakeWorker worker = worker(i, 1);
            worker.next(0);
            worker.die();
        }

        assertThat(exchange.awaitEnd().failure().why()).isEqualTo("worker-died");
    }

    @Test
    void answers502ToAnUnsafeRequestWhoseWorkerDies() throws Exception {
        FakeWorker dying = worker(1, 1);
        worker(2, 1);
        TestExchange exchange = rig.exchange("POST", "/pay").body("1".getBytes());
        rig.handle(exchange);
        dying.next(0);

        dying.die();
        exchange.awaitEnd();

        assertThat(exchange.failure().status()).isEqualTo(502);
        assertThat(exchange.failure().why()).isEqualTo("worker-died");
    }

    @Test
    void cutsAResponseWhoseWorkerDies() throws Exception {
        FakeWorker dying = worker(1, 1);
        TestExchange exchange = rig.request("GET", "/");
        dying.response(dying.next(0), 0, "200 OK", "half", 0);
        rig.await(() -> exchange.size() == 4);

        dying.die();

        assertThat(exchange.awaitEnd().failure().why()).isEqualTo("worker-died");
    }

    @Test
    void anAnswerWrittenBeforeDeathStillArrives() throws Exception {
        FakeWorker dying = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/pay").body("1".getBytes());
        rig.handle(exchange);
        Frame request = dying.next(0);

        rig.pool.gone(dying.endpoint);
        dying.answer(request, "paid");
        dying.die();

        assertThat(exchange.awaitEnd().text()).isEqualTo("paid");
        assertThat(dying.endpoint.failures).isEmpty();
        rig.await(() -> rig.stats().workers().isEmpty());
    }

    @Test
    void anAnswerForASlowClientOutlivesItsWorker() throws Exception {
        FakeWorker dying = worker(1, 1);
        TestExchange exchange = rig.exchange("GET", "/big");
        exchange.writable(false);
        rig.handle(exchange);
        Frame request = dying.next(0);
        dying.response(request, 0, "200 OK", "x", 0);
        rig.await(() -> exchange.size() == 1);
        dying.data(request, FrameHeader.END, new byte[100_000]);
        dying.die();
        rig.pool.gone(dying.endpoint);
        long start = System.nanoTime();
        rig.await(() -> System.nanoTime() - start > 1_500_000_000);

        exchange.writable(true);

        assertThat(exchange.awaitEnd().size()).isEqualTo(100_001);
        assertThat(exchange.failure()).isNull();
    }

    @Test
    void connectionsThatOutliveTheProcessAreGivenUp() throws Exception {
        FakeWorker dead = worker(1, 1);
        TestExchange exchange = rig.exchange("POST", "/pay").body("1".getBytes());
        rig.handle(exchange);
        dead.next(0);

        rig.pool.gone(dead.endpoint);

        assertThat(exchange.awaitEnd().failure().why()).isEqualTo("worker-died");
        rig.await(() -> rig.stats().workers().isEmpty());
    }

    @Test
    void garbageFailsItsWorkerOnly() throws Exception {
        FakeWorker bad = worker(1, 1);
        TestExchange first = rig.request("GET", "/1");
        bad.next(0);
        FakeWorker good = worker(2, 1);
        TestExchange second = rig.request("GET", "/2");
        Frame kept = good.next(0);

        bad.sendRaw(0, "HTTP/1.1 200 OK and some more text".getBytes());
        assertThat(bad.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("frame length");
        good.answer(kept, "2");
        good.answer(good.next(0), "1");

        assertThat(first.awaitEnd().text()).isEqualTo("1");
        assertThat(second.awaitEnd().text()).isEqualTo("2");
        assertThat(good.endpoint.failures).isEmpty();
    }

    @Test
    void framesOutOfOrderFailTheWorker() throws Exception {
        List<FrameHeader> wrong = new ArrayList<>();
        wrong.add(new FrameHeader(0, FrameType.DATA, 0, 1, 0, 0));
        wrong.add(new FrameHeader(0, FrameType.RESPONSE, 0, 77, 0, 0));
        wrong.add(new FrameHeader(0, FrameType.RECALLED, 0, 1, 0, 0));
        wrong.add(new FrameHeader(0, FrameType.RESPONSE, 0, 1, 5, 0));
        wrong.add(new FrameHeader(0, FrameType.FILE, 0, 1, 5, 0));
        for (FrameHeader header : wrong) {
            restart(PoolSettings.defaults());
            FakeWorker worker = worker(1, 1);
            TestExchange exchange = rig.exchange("DELETE", "/");
            rig.handle(exchange);
            assertThat(worker.next(0).id()).isEqualTo(1);

            worker.send(0, header, new byte[0]);

            assertThat(exchange.awaitEnd().failure().status())
                    .as(header.toString())
                    .isEqualTo(502);
            assertThat(worker.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("expected");
            worker.close();
            Files.delete(worker.endpoint.linkSocket());
        }
    }

    @Test
    void aWorkerThatCannotBeReachedIsReported() throws Exception {
        FakeEndpoint endpoint = new FakeEndpoint(1, 2, directory.resolve("absent.sock"));
        rig.pool.ready(endpoint);

        assertThat(endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("absent.sock");
        rig.onLoop(() -> {});
        assertThat(endpoint.failures).isEmpty();
    }

    @Test
    void aDrainingWorkerFinishesAndGetsNothingNew() throws Exception {
        FakeWorker old = worker(1, 2);
        TestExchange running = rig.request("GET", "/1");
        Frame request = old.next(0);
        rig.pool.draining(old.endpoint);
        TestExchange later = rig.request("GET", "/2");
        assertThat(rig.stats().waiting()).isEqualTo(1);
        assertThat(old.endpoint.drained).isEmpty();

        FakeWorker fresh = worker(2, 1);
        fresh.answer(fresh.next(0), "2");
        old.answer(request, "1");

        assertThat(running.awaitEnd().text()).isEqualTo("1");
        assertThat(later.awaitEnd().text()).isEqualTo("2");
        assertThat(old.endpoint.drained.poll(20, TimeUnit.SECONDS)).isEqualTo("drained");
        old.die();
        rig.pool.gone(old.endpoint);
        rig.await(() -> rig.stats().workers().size() == 1);
        assertThat(old.endpoint.drained).isEmpty();
        assertThat(old.endpoint.failures).isEmpty();
    }

    @Test
    void reportsAWornWorkerOnceAndKeepsUsingIt() throws Exception {
        restart(new PoolSettings(java.time.Duration.ZERO, 2, 0, 10));
        FakeWorker worker = worker(1, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(rig.answers(worker, "/" + i)).isTrue();
        }

        assertThat(worker.endpoint.worn).hasValue(1);
    }

    @Test
    void servesExchangesOfAnotherEventLoop() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.foreignExchange("POST", "/").body("abc".getBytes());
        rig.handle(exchange);

        Frame request = worker.next(0);
        worker.answer(request, "xyz");
        exchange.awaitEnd();

        assertThat(request.inlineBody()).isEqualTo("abc");
        assertThat(exchange.text()).isEqualTo("xyz");
        assertThat(exchange.account().workerId()).isEqualTo(1);
        assertThat(exchange.account().serviceMicros()).isEqualTo(20);
    }

    @Test
    void holdsBackForASlowClientOfAnotherEventLoop() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange exchange = rig.foreignExchange("GET", "/big");
        exchange.writable(false);
        rig.handle(exchange);
        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "", 0);
        int total = 8 * 1024 * 1024;
        Thread writer = Thread.ofVirtual()
                .start(() -> rig.unchecked(() -> {
                    for (int i = 0; i < total / 65_536; i++) {
                        worker.data(request, 0, new byte[65_536]);
                    }
                    worker.data(request, FrameHeader.END, new byte[0]);
                }));
        rig.await(() -> exchange.size() > 0);

        assertThat(exchange.size()).isLessThan(total / 2);
        exchange.writable(true);
        writer.join();

        assertThat(exchange.awaitEnd().size()).isEqualTo(total);
    }

    @Test
    void showsWhatEachCoreDoes() throws Exception {
        FakeWorker worker = worker(1, 2);
        rig.answers(worker, "/done");
        rig.request("GET", "/running");
        worker.next(0);

        WorkerStats stats = rig.stats().workers().getFirst();

        assertThat(stats.id()).isEqualTo(1);
        assertThat(stats.accepting()).isTrue();
        assertThat(stats.requests()).isEqualTo(1);
        assertThat(stats.runningMicros()).isEqualTo(20);
        assertThat(stats.averageMicros()).isEqualTo(20);
        assertThat(stats.txBytes()).isEqualTo(58);
        assertThat(stats.cores())
                .containsExactly(new CoreStats(0, 2, 1, "/running", "GET"), new CoreStats(1, 0, 0, "", ""));
    }

    @Test
    void closingFailsWhatIsLeft() throws Exception {
        FakeWorker worker = worker(1, 1);
        TestExchange running = rig.exchange("POST", "/1").body("x".getBytes());
        rig.handle(running);
        worker.next(0);
        TestExchange waiting = rig.request("GET", "/2");

        rig.pool.close();

        assertThat(running.awaitEnd().failure().status()).isEqualTo(502);
        assertThat(waiting.awaitEnd().failure().status()).isEqualTo(503);
    }
}
