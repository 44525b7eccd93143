package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.worker.FakeWorker.Frame;
import io.juwsgi.testkit.TestExchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests behind a slow one, and requests over their deadline, with workers played over real sockets. */
final class StallAndDeadlineTest {
    @TempDir
    Path directory;

    private PoolRig rig;

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private FakeWorker start(PoolSettings settings, int cores) throws Exception {
        rig = new PoolRig(settings);
        return rig.worker(1, cores, directory);
    }

    private void earnTrust(FakeWorker worker) throws Exception {
        for (int i = 0; i < 48; i++) {
            assertThat(rig.answers(worker, "/warm")).isTrue();
        }
        assertThat(rig.stats().workers().getFirst().depth()).isEqualTo(Load.MAX_DEPTH);
    }

    private List<TestExchange> handleAtOnce(int count) throws Exception {
        List<TestExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            exchanges.add(rig.exchange("GET", "/" + i));
        }
        // In one turn of the loop, so that all are sent before anything else happens.
        rig.onLoop(() -> exchanges.forEach(rig.pool::handle));
        return exchanges;
    }

    @Test
    void batchesGoOutTogetherAndAnswersMayComeTogether() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 1);
        earnTrust(worker);
        List<TestExchange> exchanges = handleAtOnce(10);

        List<Frame> requests = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            requests.add(worker.next(0));
        }
        for (Frame request : requests) {
            worker.answer(request, "ok");
        }

        for (TestExchange exchange : exchanges) {
            assertThat(exchange.awaitEnd().text()).isEqualTo("ok");
        }
    }

    @Test
    void requestsBehindASlowOneGoToAnotherCore() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 2);
        earnTrust(worker);
        List<TestExchange> exchanges = handleAtOnce(5);
        Frame slow = worker.next(0);
        int[] behind = new int[4];
        for (int i = 0; i < 4; i++) {
            behind[i] = worker.next(0).id();
        }

        Frame recall = worker.nextSide();
        assertThat(recall.type()).isEqualTo(FrameType.RECALL);
        assertThat(recall.id()).isZero();
        worker.recalled(0, behind);

        for (int i = 0; i < 4; i++) {
            Frame moved = worker.next(1);
            assertThat(moved.id()).isEqualTo(behind[i]);
            worker.answer(moved, "moved");
            assertThat(exchanges.get(i + 1).awaitEnd().text()).isEqualTo("moved");
        }
        assertThat(exchanges.getFirst().ended()).isFalse();
        worker.answer(slow, "slow", 500_000);
        assertThat(exchanges.getFirst().awaitEnd().text()).isEqualTo("slow");
        assertThat(rig.stats().recalled()).isEqualTo(4);
    }

    @Test
    void whatTheCoreKeepsIsAnsweredThereAndOnlyThere() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 1);
        earnTrust(worker);
        List<TestExchange> exchanges = handleAtOnce(3);
        Frame first = worker.next(0);
        Frame kept = worker.next(0);
        Frame given = worker.next(0);
        assertThat(worker.nextSide().type()).isEqualTo(FrameType.RECALL);

        // By the time of the RECALL the core had gone on to the second one.
        worker.answer(first, "1");
        worker.recalled(0, given.id());
        worker.answer(kept, "2");
        Frame again = worker.next(0);
        worker.answer(again, "3");

        assertThat(again.id()).isEqualTo(given.id());
        for (int i = 0; i < 3; i++) {
            assertThat(exchanges.get(i).awaitEnd().text()).isEqualTo("" + (i + 1));
        }
    }

    @Test
    void aRecalledRequestWhoseClientIsGoneIsDropped() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 1);
        earnTrust(worker);
        List<TestExchange> exchanges = handleAtOnce(2);
        Frame first = worker.next(0);
        Frame second = worker.next(0);
        exchanges.get(1).clientGone();
        exchanges.get(1).awaitEnd();
        worker.nextSide();

        worker.recalled(0, second.id());
        worker.answer(first, "1");

        assertThat(exchanges.getFirst().awaitEnd().text()).isEqualTo("1");
        assertThat(rig.answers(worker, "/next")).isTrue();
    }

    @Test
    void givingBackWhatItDoesNotHoldFailsTheWorker() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 1);
        worker.recalled(0, 12345);

        assertThat(worker.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("recalled request: 12345");
    }

    @Test
    void aRecallForAnUnknownCoreFailsTheWorker() throws Exception {
        FakeWorker worker = start(PoolSettings.defaults(), 1);
        worker.recalled(4);

        assertThat(worker.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("core: 4 (expected: below 1)");
    }

    @Test
    void answers504AtTheDeadlineLogsTheStackAndInterrupts() throws Exception {
        FakeWorker worker = start(new PoolSettings(Duration.ofMillis(200), 0, 0, 10), 1);
        TestExchange exchange = rig.request("GET", "/loop\nfaked=1");
        Frame request = worker.next(0);

        Frame trace = worker.nextSide();
        assertThat(trace.type()).isEqualTo(FrameType.TRACE);
        assertThat(exchange.awaitEnd().failure().status()).isEqualTo(504);
        assertThat(exchange.failure().why()).isEqualTo("harakiri");
        TestExchange next = rig.request("GET", "/next");
        worker.traced(0, request.id(), "  File \"app.py\", line 3, in loop\n");
        Frame interrupt = worker.nextSide();
        assertThat(worker.peek(0)).isNull();
        worker.failed(request, "Harakiri");

        assertThat(interrupt.type()).isEqualTo(FrameType.INTERRUPT);
        assertThat(interrupt.id()).isEqualTo(request.id());
        assertThat(interrupt.header().aux()).isZero();
        assertThat(rig.log.poll(20, TimeUnit.SECONDS))
                .startsWith("harakiri: request=" + exchange.id() + " method=GET url=/loop?faked=1 worker=1 pid=")
                .endsWith("\n  File \"app.py\", line 3, in loop");
        worker.answer(worker.next(0), "served");
        assertThat(next.awaitEnd().text()).isEqualTo("served");
        assertThat(rig.stats().workers().getFirst().harakiriCount()).isEqualTo(1);
        assertThat(worker.endpoint.failures).isEmpty();
    }

    @Test
    void reportsAWorkerWhoseCoreDoesNotComeBack() throws Exception {
        FakeWorker worker = start(new PoolSettings(Duration.ofMillis(100), 0, 0, 10), 1);
        TestExchange exchange = rig.request("GET", "/stuck");
        Frame request = worker.next(0);

        assertThat(worker.nextSide().type()).isEqualTo(FrameType.TRACE);
        assertThat(worker.endpoint.failures.poll(20, TimeUnit.SECONDS))
                .isEqualTo("request " + exchange.id() + " is stuck in core 0");
        assertThat(worker.nextSide().type()).isEqualTo(FrameType.INTERRUPT);
        assertThat(rig.log.poll()).contains("does not react");
        assertThat(request.has(FrameHeader.END)).isTrue();
    }

    @Test
    void aSlowClientIsNotTheApplicationsFault() throws Exception {
        FakeWorker worker = start(new PoolSettings(Duration.ofMillis(300), 0, 0, 10), 1);
        TestExchange slow = rig.exchange("GET", "/big");
        slow.writable(false);
        rig.handle(slow);
        Frame request = worker.next(0);
        worker.response(request, 0, "200 OK", "x", 0);
        rig.await(() -> slow.size() == 1);
        long start = System.nanoTime();
        rig.await(() -> System.nanoTime() - start > 1_000_000_000);

        slow.writable(true);
        worker.data(request, FrameHeader.END, "y".getBytes());

        assertThat(slow.awaitEnd().text()).isEqualTo("xy");
        assertThat(rig.stats().workers().getFirst().harakiriCount()).isZero();
    }

    @Test
    void worksOverNioToo() throws Exception {
        rig = new PoolRig(PoolSettings.defaults(), false);
        FakeWorker worker = rig.worker(1, 1, directory);

        assertThat(rig.answers(worker, "/nio")).isTrue();
    }
}
