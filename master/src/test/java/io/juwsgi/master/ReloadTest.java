package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.worker.WorkerEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReloadTest {
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
    void drainsTheOldOnlyWhenEveryNewWorkerIsReady() throws Exception {
        stage.router.idle(false);
        Master master = stage.serve();
        WorkerEndpoint old = stage.router.await("READY", 0, 1).worker();
        ProcessHandle zygote = Stage.zygoteOf(old.pid());
        master.reload();
        stage.router.await("DRAINING", 0, 2);
        List<String> story = stage.router.story();
        assertThat(story.indexOf("DRAINING 1/0")).isGreaterThan(story.indexOf("READY 1/1"));
        assertThat(story.indexOf("DRAINING 1/0")).isGreaterThan(story.indexOf("READY 2/1"));
        assertThat(story).doesNotContain("GONE 1/0", "GONE 2/0");

        stage.router.await("DRAINING", 0, 1).worker().drained();
        stage.router.await("DRAINING", 0, 2).worker().drained();
        stage.router.await("GONE", 0, 2);
        Stage.awaitEnd(zygote.pid());
        assertThat(stage.router.story()).doesNotContain("UNAVAILABLE", "DRAINING 1/1");
        assertThat(master.status().generation()).isEqualTo(1);
    }

    @Test
    void keepsTheOldGenerationWhenTheNewCodeCannotBeImported() throws Exception {
        Master master = stage.boots("", "\"boot\": \"fail\"", "").serve();
        master.reload();
        stage.log.await("*** RELOAD FAILED: ImportError: no module named app"
                + " (generation 0 goes on serving the old code) ***");
        // The old zygote still replaces workers, and a corrected application is loaded.
        Stage.signal("KILL", stage.router.await("READY", 0, 1).pid());
        stage.router.await("READY", 0, 3);
        assertThat(stage.router.story()).doesNotContain("UNAVAILABLE");
        master.reload();
        stage.router.await("READY", 2, 2);
        stage.router.await("GONE", 0, 3);
    }

    @Test
    void takesOverWhatIsConfiguredByThen() throws Exception {
        Master master = stage.serve();
        stage.processes = 3;
        stage.recycling = new Recycling(Duration.ZERO, Duration.ofMillis(300), Duration.ZERO, 0, 0, 0, 0);
        master.reload();
        stage.router.await("READY", 1, 3);
        stage.log.await("has served for 300 ms, it will be replaced", 3);
        stage.recycling = Recycling.NONE;
        stage.processes = 1;
        stage.triggers = List.of(new TouchWatch.Trigger(temporary.resolve("touched"), ReloadScope.ALL));
        master.reload();
        stage.log.await("generation 2 is ready");
        // Whoever watches the file has looked at it when the loop has come round.
        master.heartbeat().toCompletableFuture().get(30, TimeUnit.SECONDS);
        Files.createFile(temporary.resolve("touched"));
        stage.router.await("READY", 3, 1);
        assertThat(stage.router.story()).doesNotContain("READY 2/2", "READY 2/3");
        Files.delete(temporary.resolve("touched"));
    }

    @Test
    void aReloadThatFailsTakesOverNothing() throws Exception {
        Master master = stage.boots("", "\"boot\": \"fail\"", "").serve();
        stage.processes = 3;
        master.reload();
        stage.log.await("*** RELOAD FAILED: ImportError: no module named app");
        master.changeWorkers(0);
        stage.log.await("2 worker(s) wanted as before");
    }

    @Test
    void configurationThatCannotBeReadLeavesTheOldGenerationServing() throws Exception {
        Master master = stage.serve();
        stage.processes = 0;
        master.reload();
        stage.log.await(
                "*** RELOAD FAILED: processes: 0 (expected: 1 to 4096) (generation 0 goes on serving the old code)");
        stage.processes = 2;
        master.reload();
        stage.router.await("READY", 1, 2);
    }

    @Test
    void aZygoteThatDiesIsReplacedByOneLikeItWhateverIsConfiguredByThen() throws Exception {
        stage.serve();
        stage.anew = false;
        Stage.signal(
                "KILL", Stage.zygoteOf(stage.router.await("READY", 0, 1).pid()).pid());
        stage.router.await("READY", 1, 2);
        assertThat(stage.anew).isFalse();
    }

    @Test
    void keepsTheOldGenerationWhenNewLazyWorkersCannotLoad() throws Exception {
        stage.lazy = true;
        Master master = stage.boots("", "\"worker\": \"failed\"").serve();
        master.reload();
        stage.log.await("*** RELOAD FAILED: ImportError: no module named app");
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0", "DRAINING 2/0", "UNAVAILABLE");
    }

    @Test
    void keepsServingWhenThereIsNothingToLoadAnyMore() throws Exception {
        Master master = stage.boots("", "nothing").serve();
        master.reload();
        stage.log.await("*** RELOAD FAILED: there is no application to load any more");
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0", "DRAINING 2/0", "UNAVAILABLE");
    }

    @Test
    void reloadsOnceMoreWhenAskedDuringAReload() throws Exception {
        Path go = temporary.resolve("go");
        Master master = stage.boots("", "\"boot\": \"wait:" + go + "\"", "").serve();
        master.reload();
        master.reload();
        master.reload();
        stage.log.await("a reload is under way", 2);
        Files.createFile(go);
        stage.router.await("READY", 2, 2);
        stage.router.await("GONE", 1, 2);
        stage.router.await("GONE", 0, 2);
        assertThat(stage.router.story()).doesNotContain("READY 1/3", "READY 2/3");
        Files.delete(go);
    }

    @Test
    void stopsOldWorkersAtTheEndOfTheirMercy() throws Exception {
        stage.mercy = Duration.ofMillis(100);
        stage.router.idle(false);
        Master master = stage.serve();
        master.reload();
        stage.router.await("GONE", 0, 2);
        stage.log.await("requests still run at the end of its mercy", 2);
        stage.log.await("worker 1 stops");
        assertThat(stage.router.story()).doesNotContain("GONE 1/1", "GONE 2/1");
    }

    @Test
    void stopsInTheMiddleOfAReload() throws Exception {
        Master master = stage.boots("", "\"boot\": \"hang\", \"output\": [\"importing\"]")
                .serve();
        master.reload();
        stage.log.await("importing");
        master.stop(StopMode.GRACEFUL);
        assertThat(stage.exit()).isZero();
    }

    @Test
    void bootsAnotherGenerationWhenTheZygoteDiesAndServesMeanwhile() throws Exception {
        Master master = stage.serve();
        long worker = stage.router.await("READY", 0, 1).pid();
        Stage.signal("KILL", Stage.zygoteOf(worker).pid());
        stage.router.await("DRAINING", 0, 2);
        List<String> story = stage.router.story();
        assertThat(story.indexOf("DRAINING 1/0")).isGreaterThan(story.indexOf("READY 2/1"));
        stage.router.await("GONE", 0, 2);
        // Workers that have lost their zygote are heard to the last line.
        stage.log.await("worker 1 stops");
        stage.log.await("worker 2 stops");
        assertThat(stage.router.story()).doesNotContain("UNAVAILABLE");
        assertThat(master.status().generation()).isEqualTo(1);
    }

    @Test
    void triesAgainWhenTheZygoteAfterADeadOneFails() throws Exception {
        stage.boots("", "\"boot\": \"fail\"", "\"boot\": \"exit\"", "").serve();
        Stage.signal(
                "KILL", Stage.zygoteOf(stage.router.await("READY", 0, 1).pid()).pid());
        stage.router.await("READY", 3, 2);
        stage.router.await("GONE", 0, 2);
        stage.log.await("*** RELOAD FAILED", 2);
    }

    @Test
    void noticesTheDeathOfAWorkerWithoutAZygote() throws Exception {
        Path go = temporary.resolve("go");
        stage.boots("", "\"boot\": \"wait:" + go + "\"").serve();
        long worker = stage.router.await("READY", 0, 1).pid();
        Stage.signal("KILL", Stage.zygoteOf(worker).pid());
        stage.log.await("zygote of generation 0 died, killed by signal 9 (SIGKILL)");
        Stage.signal("KILL", worker);
        stage.router.awaitPid("GONE", worker);
        Files.createFile(go);
        stage.router.await("READY", 1, 2);
        Files.delete(go);
    }

    @Test
    void reloadsWhenAnythingInAFolderChanges() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("code"));
        Path module = Files.writeString(folder.resolve("app.py"), "1");
        stage.triggers = List.of(new TouchWatch.Trigger(folder, ReloadScope.ALL, true));
        stage.serve();
        Files.writeString(module, "1 + 1");
        stage.log.await("*** " + folder + " has changed ***");
        stage.router.await("GONE", 0, 2);
        Files.delete(module);
        stage.router.await("GONE", 1, 2);
        Files.createDirectory(folder.resolve("__pycache__"));
        Files.createFile(folder.resolve("new.py"));
        stage.router.await("READY", 3, 2);
    }

    @Test
    void reloadsWhenAFileIsTouchedOrAppears() throws Exception {
        Path touched = Files.createFile(temporary.resolve("touched"));
        Path appears = temporary.resolve("appears");
        stage.triggers = List.of(
                new TouchWatch.Trigger(touched, ReloadScope.ALL), new TouchWatch.Trigger(appears, ReloadScope.ALL));
        stage.serve();
        Files.setLastModifiedTime(touched, FileTime.fromMillis(1000));
        stage.log.await("*** " + touched + " has been touched ***");
        stage.router.await("GONE", 0, 2);
        Files.createFile(appears);
        stage.router.await("GONE", 1, 2);
        Files.delete(touched);
        stage.router.await("READY", 2, 2);
    }

    @Test
    void aChainReloadReplacesOneWorkerAfterTheOtherFromTheSameZygote() throws Exception {
        stage.lazy = true;
        Path chain = Files.createFile(temporary.resolve("chain"));
        stage.triggers = List.of(new TouchWatch.Trigger(chain, ReloadScope.CHAIN));
        stage.serve();
        Files.setLastModifiedTime(chain, FileTime.fromMillis(1000));
        stage.router.await("GONE", 0, 2);
        List<String> changes = stage.router.story().stream()
                .filter(line -> line.startsWith("READY") || line.startsWith("DRAINING"))
                .skip(2)
                .toList();
        assertThat(changes).containsExactly("READY 1/0", "DRAINING 1/0", "READY 2/0", "DRAINING 2/0");
    }

    @Test
    void aChainReloadWithoutLazyAppsLoadsTheApplicationAnew() throws Exception {
        Path chain = Files.createFile(temporary.resolve("chain"));
        stage.triggers = List.of(new TouchWatch.Trigger(chain, ReloadScope.CHAIN));
        stage.serve();
        Files.setLastModifiedTime(chain, FileTime.fromMillis(1000));
        stage.router.await("READY", 1, 2);
        stage.router.await("GONE", 0, 2);
    }

    @Test
    void aReloadOfTheWorkersKeepsTheZygote() throws Exception {
        Path workers = Files.createFile(temporary.resolve("workers"));
        stage.triggers = List.of(new TouchWatch.Trigger(workers, ReloadScope.WORKERS));
        Master master = stage.serve();
        Files.setLastModifiedTime(workers, FileTime.fromMillis(1000));
        stage.router.await("READY", 0, 4);
        stage.router.await("GONE", 0, 2);
        assertThat(master.status().generation()).isZero();
    }
}
