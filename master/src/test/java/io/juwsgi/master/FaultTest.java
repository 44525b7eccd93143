package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.spi.worker.WorkerEndpoint;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FaultTest {
    @TempDir
    Path temporary;

    private Stage stage;

    @BeforeEach
    void setUp() {
        stage = new Stage(temporary);
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
    }

    @Test
    void waitsLongerAndLongerWhenAWorkerCrashesInALoop() throws Exception {
        stage.processes = 1;
        stage.boots("\"worker\": \"crash\"").start();
        stage.router.await("GONE", 0, 6);
        stage.log.await("DAMN ! worker 1", 6);
        List<String> delays = stage.log.all().stream()
                .filter(line -> line.contains("ends again and again"))
                .map(line -> line.substring(line.lastIndexOf("next try in ")))
                .limit(4)
                .toList();
        assertThat(delays)
                .containsExactly("next try in 40 ms", "next try in 80 ms", "next try in 100 ms", "next try in 100 ms");
        stage.log.await(") died, exit code 4 :( trying respawn ...");
    }

    @Test
    void doesNotHoldBackWorkersThatSomebodyKillsAgainAndAgain() throws Exception {
        stage.timings = TestTimings.withBackoff(Duration.ofMinutes(10), Duration.ofMinutes(10));
        stage.processes = 1;
        stage.serve();
        for (int round = 1; round <= 5; round++) {
            Stage.signal("KILL", stage.router.await("READY", 0, round).pid());
        }
        stage.router.await("READY", 0, 6);
    }

    @Test
    void triesAgainWhenTheZygoteCannotFork() throws Exception {
        stage.processes = 1;
        stage.boots("\"refuse\": 3").start();
        stage.router.await("READY", 0, 1);
        stage.log.await("worker 1 cannot be forked (errno 11), next try now");
        stage.log.await("worker 1 cannot be forked (errno 11), next try in 80 ms");
    }

    /** What the process plane is for, in small: whatever is killed, everything comes back. */
    @Test
    void comesBackWhateverIsKilled() throws Exception {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Master master = stage.serve();
        for (int round = 0; round < 40; round++) {
            List<MasterStatus.WorkerStatus> ready = master.status().workers().stream()
                    .filter(worker -> worker.state() == MasterStatus.WorkerState.READY)
                    .toList();
            if (ready.isEmpty() || random.nextInt(8) == 0) {
                master.reload();
                continue;
            }
            long worker = ready.get(random.nextInt(ready.size())).pid();
            if (random.nextInt(6) == 0) {
                // A worker that has lost its zygote belongs to another parent.
                ProcessHandle.of(worker)
                        .flatMap(ProcessHandle::parent)
                        .filter(parent -> ProcessHandle.current().children().anyMatch(parent::equals))
                        .ifPresent(ProcessHandle::destroyForcibly);
            } else {
                ProcessHandle.of(worker).ifPresent(ProcessHandle::destroyForcibly);
                stage.log.until(() -> master.status().workers().stream()
                        .noneMatch(w -> w.pid() == worker && w.state() == MasterStatus.WorkerState.READY));
            }
        }
        stage.log.until(() -> isFullHouse(master.status()));
        assertThat(stage.log.all()).as("seed %d", seed).noneMatch(line -> line.startsWith("ERROR"));
        assertThat(stage.router.story()).as("seed %d", seed).doesNotContain("UNAVAILABLE");
    }

    /** Two workers of one generation are ready, and no other process is left. */
    private static boolean isFullHouse(MasterStatus status) {
        return status.workers().size() == 2
                && status.workers().stream()
                        .allMatch(worker -> worker.state() == MasterStatus.WorkerState.READY
                                && worker.generation() == status.generation());
    }

    @Test
    void replacesAWornWorkerBeforeItDrains() throws Exception {
        stage.router.idle(false);
        stage.serve();
        WorkerEndpoint worn = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 1, 1)
                .worker();
        worn.worn();
        worn.worn();
        stage.router.awaitPid("DRAINING", worn.pid());
        long next = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 1, 2)
                .pid();
        assertThat(next).isNotEqualTo(worn.pid());
        List<String> story = stage.router.story();
        assertThat(story.lastIndexOf("READY 1/0")).isLessThan(story.indexOf("DRAINING 1/0"));
        worn.drained();
        stage.router.awaitPid("GONE", worn.pid());
        assertThat(stage.router.all().stream().filter(n -> n.what().equals("READY")))
                .hasSize(3);
    }

    @Test
    void killsAFailedWorkerAfterItsGraceAndReplacesItAtOnce() throws Exception {
        stage.router.idle(false);
        stage.serve();
        WorkerEndpoint failed = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 2, 1)
                .worker();
        failed.failed("its link broke");
        failed.failed("its link broke again");
        stage.router.awaitPid("DRAINING", failed.pid());
        stage.router.await(n -> n.what().equals("READY") && n.id() == 2, 2);
        stage.router.awaitPid("GONE", failed.pid());
        stage.log.await(
                "worker 2 (pid: " + failed.pid() + "): failed: its link broke; it will be killed, replacement now");
        stage.log.await("(pid: " + failed.pid() + ", killed by signal 9 (SIGKILL))");
        assertThat(stage.log.all()).noneMatch(line -> line.contains("broke again"));
    }

    @Test
    void ignoresReportsAboutAWorkerThatIsGone() throws Exception {
        stage.serve();
        WorkerEndpoint worker = stage.router.await("READY", 0, 1).worker();
        Stage.signal("KILL", worker.pid());
        stage.router.awaitPid("GONE", worker.pid());
        worker.drained();
        worker.worn();
        worker.failed("too late");
        stage.router.await("READY", 0, 3);
        assertThat(stage.log.all()).noneMatch(line -> line.contains("too late") || line.contains("ERROR"));
    }

    @Test
    void closesAControlConnectionThatSendsGarbageAndNothingElse() throws Exception {
        Master master = stage.serve();
        assertThat(answerTo("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.RESPONSE, 1, 1, ""))).isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.ZYGOTE, 0, 1, ""))).isEqualTo(-1);
        assertThat(answerTo(
                        frame(FrameType.ZYGOTE, 0, (int) ProcessHandle.current().pid(), "")))
                .isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.SPAWNED, 1, 4711, ""))).isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.EXITED, 1, 0, "abc"))).isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.READY, 1, 4711, "relative"))).isEqualTo(-1);
        assertThat(answerTo(frame(FrameType.READY, 1, 4711, "/nul\0"))).isEqualTo(-1);
        long pid = stage.router.await("READY", 0, 1).pid();
        assertThat(answerTo(frame(FrameType.READY, 1, (int) pid, "/tmp/x.sock")))
                .isEqualTo(-1);
        stage.log.await("control connection closed: ", 9);
        assertThat(master.status().workers())
                .extracting(MasterStatus.WorkerStatus::state)
                .containsExactly(MasterStatus.WorkerState.READY, MasterStatus.WorkerState.READY);
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0", "DRAINING 2/0");
    }

    private static byte[] frame(int type, int id, int aux, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocate(FrameHeader.SIZE + bytes.length);
        new FrameHeader(bytes.length, type, 0, id, aux, 0).write(frame);
        return frame.put(bytes).array();
    }

    /** Returns what is read after the bytes were sent: -1 at the end of the connection. */
    private int answerTo(byte[] bytes) throws Exception {
        try (SocketChannel channel = SocketChannel.open(
                UnixDomainSocketAddress.of(stage.directory.runtime().controlSocket()))) {
            channel.write(ByteBuffer.wrap(bytes));
            return channel.read(ByteBuffer.allocate(1));
        } catch (SocketException closedBeforeAllWasRead) {
            return -1;
        }
    }

    @Test
    void exitsWhenTheFirstZygoteWritesGarbage() throws Exception {
        stage.boots("\"garbage\": \"" + "z".repeat(40) + "\"").start();
        assertThat(stage.exit()).isEqualTo(1);
        stage.log.await("control connection closed: frame length: ");
    }

    @Test
    void keepsTheOldGenerationWhenTheNewZygoteWritesGarbage() throws Exception {
        Master master =
                stage.boots("", "\"garbage\": \"" + "z".repeat(40) + "\"").serve();
        master.reload();
        stage.log.await("*** RELOAD FAILED: the zygote died before its workers were ready"
                + " (generation 0 goes on serving the old code) ***");
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0", "DRAINING 2/0", "UNAVAILABLE");
    }

    @Test
    void refusesALinkSocketOutsideOfItsDirectory() throws Exception {
        stage.boots("\"worker\": \"outside\"").start();
        stage.log.await("link socket /tmp/elsewhere.sock outside ");
        assertThat(stage.exit()).isEqualTo(1);
    }

    @Test
    void tellsTheMemoryAndHistoryOfEachWorker() throws Exception {
        Master master = stage.serve();
        Stage.signal(
                "KILL",
                stage.router
                        .await(n -> n.what().equals("READY") && n.id() == 1, 1)
                        .pid());
        long pid = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 1, 2)
                .pid();
        stage.log.await("Respawned uWSGI worker 1");
        MasterStatus status = master.status();
        assertThat(status.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(status.workers()).hasSize(2);
        MasterStatus.WorkerStatus first = status.workers().getFirst();
        assertThat(first.pid()).isEqualTo(pid);
        assertThat(first.respawnCount()).isEqualTo(2);
        assertThat(first.rss()).isBetween(1L << 20, 1L << 30);
        assertThat(first.vsz()).isGreaterThan(first.rss());
        assertThat(first.lastSpawn()).isAfterOrEqualTo(status.started());
        master.logStatistics();
        stage.log.await("worker 1: pid=" + pid + " generation=0 state=READY respawn_count=2");
    }

    @Test
    void tellsALateListenerEverything() throws Exception {
        stage.router.idle(false);
        Master master = stage.serve();
        stage.router.await("READY", 0, 1).worker().failed("a test");
        stage.router.await("DRAINING", 0, 1);
        RecordingRouter late = new RecordingRouter();
        master.workers().listen(late);
        late.await(n -> n.what().equals("SERVING"), 1);
        assertThat(late.story()).contains("READY 1/0", "READY 2/0");
    }

    @Test
    void survivesAListenerThatThrows() throws Exception {
        Master master = stage.master();
        master.workers().listen(new ThrowingListener());
        stage.serve();
        stage.log.await("master: a listener of the workers failed: java.lang.IllegalStateException: a bug", 4);
    }
}
