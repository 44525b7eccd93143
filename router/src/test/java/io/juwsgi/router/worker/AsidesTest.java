package io.juwsgi.router.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.router.worker.FakeWorker.Frame;
import io.juwsgi.testkit.TestExchange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an application asks beside its response, by a worker that is played over real sockets. */
final class AsidesTest {
    @TempDir
    Path directory;

    private final PoolRig rig = new PoolRig(PoolSettings.defaults());

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static void aside(FakeWorker worker, Frame request, int type, int aux, String payload) throws Exception {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        worker.send(request.core(), new FrameHeader(bytes.length, type, 0, request.id(), aux, 0), bytes);
    }

    @Test
    void anOverrunDeadlineOfTheApplicationIs504WithAStack() throws Exception {
        FakeWorker worker = rig.worker(1, 1, directory);
        TestExchange exchange = rig.request("GET", "/slow");
        Frame request = worker.next(0);
        aside(worker, request, FrameType.DEADLINE, 1, "");

        assertThat(worker.nextSide().type()).isEqualTo(FrameType.TRACE);
        worker.traced(0, request.id(), "File app.py, line 1");
        assertThat(rig.log.poll(20, TimeUnit.SECONDS)).contains("deadline=set_user_harakiri", "File app.py");
        assertThat(worker.nextSide().type()).isEqualTo(FrameType.INTERRUPT);
        assertThat(exchange.awaitEnd().failure().status()).isEqualTo(504);
        worker.failed(request, "interrupted");
        assertThat(rig.answers(worker, "/next")).isTrue();
        assertThat(rig.stats().workers().getFirst().harakiriCount()).isEqualTo(1);
    }

    @Test
    void aDeadlineThatIsTakenBackOrAnsweredInTimeDoesNothing() throws Exception {
        FakeWorker worker = rig.worker(1, 1, directory);
        TestExchange first = rig.request("GET", "/1");
        Frame one = worker.next(0);
        aside(worker, one, FrameType.DEADLINE, 1, "");
        aside(worker, one, FrameType.DEADLINE, 0, "");
        aside(worker, one, FrameType.LOGVAR, 3, "whoann");
        TestExchange unrelated = rig.request("GET", "/2");
        long end = System.nanoTime() + 1_300_000_000L;
        rig.await(() -> System.nanoTime() > end);
        worker.answer(one, "done");
        assertThat(first.awaitEnd().text()).isEqualTo("done");
        assertThat(first.account().variable("who")).isEqualTo("ann");
        worker.answer(worker.next(0), "too");
        assertThat(unrelated.awaitEnd().text()).isEqualTo("too");
    }

    @Test
    void aRequestThatAsksForNoWebSocketGetsNoneAndMayAnswer() throws Exception {
        FakeWorker worker = rig.worker(1, 1, directory);
        TestExchange exchange = rig.request("GET", "/plain");
        Frame request = worker.next(0);
        for (int i = 0; i < 2; i++) {
            aside(worker, request, FrameType.WEBSOCKET, 0, "chat");
            Frame answer = worker.next(0);
            assertThat(answer.type()).isEqualTo(FrameType.ACCEPTED);
            assertThat(answer.has(FrameHeader.REFUSED)).isTrue();
        }
        aside(worker, request, FrameType.SEND, 1, "into the void");
        worker.answer(request, "as usual");
        assertThat(exchange.awaitEnd().text()).isEqualTo("as usual");
    }

    @Test
    void framesThatNobodyExpectsCostTheWorkerItsLink() throws Exception {
        FakeWorker worker = rig.worker(1, 1, directory);
        TestExchange exchange = rig.request("POST", "/x");
        Frame request = worker.next(0);
        aside(worker, request, FrameType.SEND, 0, "without a WebSocket");
        assertThat(exchange.awaitEnd().failure().status()).isEqualTo(502);
        assertThat(worker.endpoint.failures.poll(20, TimeUnit.SECONDS)).contains("SEND without a WebSocket");
    }
}
