package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.worker.WorkerEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class MasterTest {
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
    void publishesEveryWorkerWhenItIsReady() throws Exception {
        stage.serve();
        assertThat(stage.booted()).isEqualTo(new BootResult.Loaded());
        assertThat(stage.router.story()).containsExactlyInAnyOrder("STARTING", "READY 1/0", "READY 2/0", "SERVING");
        WorkerEndpoint worker = stage.router.await("READY", 0, 1).worker();
        assertThat(worker.cores()).isEqualTo(3);
        assertThat(worker.linkSocket())
                .isEqualTo(stage.directory
                        .runtime()
                        .directory()
                        .resolve("worker-" + worker.id() + "-" + worker.pid() + ".sock"));
        stage.log.await(
                "spawned uWSGI master process (pid: " + ProcessHandle.current().pid() + ")");
        stage.log.await("spawned uWSGI worker " + worker.id() + " (pid: " + worker.pid() + ", cores: 3)");
    }

    @Test
    void replacesAKilledWorkerAtOnceAndSaysSo() throws Exception {
        stage.serve();
        long pid = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 2, 1)
                .pid();
        Stage.signal("KILL", pid);
        stage.router.awaitPid("GONE", pid);
        long replacement = stage.router
                .await(n -> n.what().equals("READY") && n.id() == 2, 2)
                .pid();
        stage.log.await("DAMN ! worker 2 (pid: " + pid + ") died, killed by signal 9 (SIGKILL) :( trying respawn ...");
        stage.log.await("worker 2 (pid: " + pid + "): perhaps out of memory?");
        stage.log.await("Respawned uWSGI worker 2 (new pid: " + replacement + ")");
    }

    @Test
    void stopsWorkersOnlyWhenTheyAreDrainedAndLeavesNothing() throws Exception {
        Path pidfile = temporary.resolve("server.pid");
        stage.control = new ControlOptions.Control(List.of(pidfile), List.of(), true);
        stage.router.idle(false);
        Master master = stage.serve();
        Path runtime = stage.directory.runtime().directory();
        assertThat(pidfile).hasContent(ProcessHandle.current().pid() + "\n");
        WorkerEndpoint first = stage.router.await("READY", 0, 1).worker();
        WorkerEndpoint second = stage.router.await("READY", 0, 2).worker();
        ProcessHandle zygote = Stage.zygoteOf(first.pid());

        master.stop(StopMode.GRACEFUL);
        stage.router.await("DRAINING", 0, 2);
        first.drained();
        stage.router.awaitPid("GONE", first.pid());
        assertThat(ProcessHandle.of(second.pid())).isPresent();
        second.drained();

        assertThat(stage.exit()).isZero();
        assertThat(stage.router.story())
                .containsSubsequence("UNAVAILABLE", "DRAINING 1/0", "DRAINING 2/0")
                .endsWith("GONE " + second.id() + "/0");
        assertThat(zygote.isAlive()).isFalse();
        assertThat(runtime).doesNotExist();
        assertThat(pidfile).doesNotExist();
        assertThat(stage.log.all()).endsWith("goodbye to juwsgi.");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void runsTheStopHookBeforeAnyWorkerIsStopped() throws Exception {
        var hook = new CompletableFuture<Void>();
        stage.stopHook = hook;
        Master master = stage.serve();
        RecordingRouter.News first = stage.router.await("READY", 0, 1);
        long pid = first.pid();
        int other = 3 - first.id();
        master.stop(StopMode.GRACEFUL);
        // A worker that dies while the router still answers requests is replaced even now.
        Stage.signal("KILL", pid);
        stage.router.await("READY", 0, 3);
        assertThat(stage.router.story()).doesNotContain("UNAVAILABLE", "DRAINING " + other + "/0");
        hook.complete(null);
        assertThat(stage.exit()).isZero();
    }

    @Test
    void endsTheMercyAtItsDeadline() throws Exception {
        stage.mercy = Duration.ofMillis(100);
        stage.stopHook = new CompletableFuture<Void>();
        stage.router.idle(false);
        stage.serve().stop(StopMode.GRACEFUL);
        assertThat(stage.exit()).isZero();
        assertThat(stage.log.all()).contains("worker 1 stops", "worker 2 stops");
    }

    @Test
    void stopsAtOnceWhenAskedTwice() throws Exception {
        stage.timings = Timings.DEFAULT;
        stage.mercy = Duration.ofMinutes(10);
        stage.boots("\"worker\": \"stubborn\"");
        stage.stopHook = new CompletableFuture<Void>();
        stage.router.idle(false);
        Master master = stage.serve();
        long begun = System.nanoTime();
        master.stop(StopMode.GRACEFUL);
        master.stop(StopMode.QUICK);
        master.stop(StopMode.QUICK);
        assertThat(stage.exit()).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
        assertThat(stage.log.all()).noneMatch(line -> line.contains("did not stop"));
    }

    @Test
    void killsAWorkerThatIgnoresStop() throws Exception {
        stage.timings = TestTimings.withExitGrace(Duration.ofMillis(100));
        stage.boots("\"worker\": \"stubborn\"");
        Master master = stage.serve();
        long pid = stage.router.await("READY", 0, 1).pid();
        master.stop(StopMode.GRACEFUL);
        assertThat(stage.exit()).isZero();
        Stage.awaitEnd(pid);
        stage.log.await("did not stop when asked to, killing it", 2);
    }
}
