package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.worker.WorkerEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RecyclingTest {
    private static final long MEGABYTE = 1024 * 1024;

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
    void replacesWornWorkersOneAfterAnother() throws Exception {
        stage.processes = 3;
        stage.serve();
        // All three are known before the first is worn: its replacement would be taken for one of them.
        List<WorkerEndpoint> workers = new ArrayList<>();
        for (int count = 1; count <= 3; count++) {
            workers.add(stage.router.await("READY", 0, count).worker());
        }
        int told = stage.router.story().size();
        // Workers get ready in any order; they are replaced in the order in which they were worn.
        workers.sort(Comparator.comparingInt(WorkerEndpoint::id));
        workers.forEach(WorkerEndpoint::worn);
        stage.router.await("GONE", 0, 3);
        List<String> story = stage.router.story();
        List<String> changes = story.subList(told, story.size()).stream()
                .filter(line -> !line.startsWith("GONE"))
                .toList();
        assertThat(changes)
                .containsExactly("READY 1/0", "DRAINING 1/0", "READY 2/0", "DRAINING 2/0", "READY 3/0", "DRAINING 3/0");
    }

    @Test
    void letsAWornWorkerServeUntilItIsOldEnough() throws Exception {
        stage.recycling = new Recycling(Duration.ofMillis(800), Duration.ZERO, Duration.ZERO, 0, 0, 0, 0);
        stage.processes = 1;
        long begun = System.nanoTime();
        stage.serve();
        stage.router.await("READY", 0, 1).worker().worn();
        stage.router.await("DRAINING", 0, 1);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
        stage.log.await("served as many requests as it may, it will be replaced");
    }

    @Test
    void replacesAWorkerThatHasLivedItsTime() throws Exception {
        stage.recycling = new Recycling(Duration.ZERO, Duration.ofMillis(300), Duration.ofMillis(50), 0, 0, 0, 0);
        stage.serve();
        WorkerEndpoint first = stage.router.await("READY", 0, 1).worker();
        stage.router.awaitPid("GONE", first.pid());
        stage.log.await("has served for 350 ms, it will be replaced");
        stage.log.await("has served for 400 ms, it will be replaced");
    }

    @Test
    void replacesAWorkerThatIsTooLargeBeforeItGoes() throws Exception {
        stage.recycling = new Recycling(Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 0, 0, 0);
        stage.processes = 1;
        stage.serve();
        long large = stage.router.await("READY", 0, 1).pid();
        stage.router.awaitPid("GONE", large);
        stage.log.await("MB in memory (reload-on-rss: 0), it will be replaced");
        List<String> story = stage.router.story();
        assertThat(story.lastIndexOf("READY 1/0")).isGreaterThan(story.indexOf("READY 1/0"));
        assertThat(story.subList(0, story.indexOf("DRAINING 1/0")))
                .as("the replacement was ready first")
                .filteredOn("READY 1/0"::equals)
                .hasSize(2);
    }

    @Test
    void replacesAWorkerWithTooMuchAddressSpaceBeforeItGoes() throws Exception {
        stage.recycling = new Recycling(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 1, 0, 0);
        stage.processes = 1;
        stage.serve();
        long large = stage.router.await("READY", 0, 1).pid();
        stage.router.awaitPid("GONE", large);
        stage.log.await("MB of address space (reload-on-as: 0), it will be replaced");
    }

    @Test
    void killsAWorkerThatIsMuchTooLarge() throws Exception {
        stage.recycling = new Recycling(Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, 0, 0, MEGABYTE);
        stage.router.idle(false);
        stage.processes = 1;
        stage.start();
        long large = stage.router.await("READY", 0, 1).pid();
        stage.router.awaitPid("GONE", large);
        stage.log.await("MB of address space (evil-reload-on-as: 1); it will be killed, replacement now");
        stage.router.await("READY", 0, 2);
        stage.log.await("evil-reload-on-as: 1); it will be killed, replacement in 40 ms");
    }
}
