package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.spi.worker.GroupLoad;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ElasticTest {
    private static final GroupLoad BUSY = new GroupLoad(0, 0, 1, 0);
    private static final GroupLoad QUIET = new GroupLoad(3, 0, 1, 0);

    @TempDir
    Path temporary;

    private Stage stage;

    @BeforeEach
    void setUp() {
        stage = new Stage(temporary);
        stage.processes = 3;
    }

    @AfterEach
    void tearDown() throws Exception {
        stage.close();
    }

    private static Elastic cheaper(Elastic.Algorithm algorithm, int overloadMillis) {
        Duration overload = Duration.ofMillis(overloadMillis);
        Elastic.Busyness busyness = new Elastic.Busyness(50, 25, 2, 33, 2);
        return new Elastic(1, 1, 1, overload, algorithm, busyness, 0, 0, false, Duration.ZERO, false);
    }

    @Test
    void spareAddsWorkersWhileAllAreBusyAndTakesThemAwayWhenSeveralAreIdle() throws Exception {
        stage.elastic = cheaper(Elastic.Algorithm.SPARE, 100);
        stage.router.load(BUSY);
        stage.start();
        stage.router.await("READY", 0, 3);
        stage.log.await("there is much to do: 3 worker(s) wanted now");
        stage.router.load(QUIET);
        assertThat(stage.router.await("DRAINING", 0, 1).id()).isEqualTo(3);
        assertThat(stage.router.await("DRAINING", 0, 2).id()).isEqualTo(2);
        stage.router.await("GONE", 0, 2);
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0");
    }

    @Test
    void backlogAddsWorkersAtOnceWhileRequestsWait() throws Exception {
        stage.elastic = cheaper(Elastic.Algorithm.BACKLOG, 100);
        stage.router.load(new GroupLoad(0, 5, 5, 0));
        stage.start();
        stage.router.await("READY", 0, 3);
        stage.router.load(QUIET);
        stage.router.await("GONE", 0, 2);
    }

    @Test
    void busynessFollowsHowMuchOfTheirTimeWorkersWork() throws Exception {
        stage.elastic = cheaper(Elastic.Algorithm.BUSYNESS, 60);
        stage.router.load(BUSY);
        stage.start();
        stage.router.await("READY", 0, 3);
        stage.router.load(QUIET);
        stage.router.await("GONE", 0, 2);
    }

    @Test
    void takesWorkersAwayAboveTheHardLimitOfMemory() throws Exception {
        Elastic plan = cheaper(Elastic.Algorithm.MANUAL, 60);
        stage.elastic = new Elastic(
                1, 3, 1, plan.overload(), plan.algorithm(), plan.busyness(), 1, 1, false, Duration.ZERO, false);
        stage.start();
        stage.log.await("in memory (cheaper-rss-limit-hard): 1 worker(s) wanted now");
        stage.router.await("GONE", 0, 2);
    }

    @Test
    void startsWorkersWithTheFirstRequestAndStopsThemWhenNoneComes() throws Exception {
        Elastic plan = Elastic.fixed(2);
        stage.elastic = new Elastic(
                0, 2, 1, plan.overload(), plan.algorithm(), plan.busyness(), 0, 0, true, Duration.ofMillis(300), false);
        stage.start();
        assertThat(stage.booted()).isInstanceOf(BootResult.Loaded.class);
        assertThat(stage.router.story()).doesNotContain("READY 1/0");
        stage.router.load(new GroupLoad(0, 1, 1, 0));
        stage.router.await("READY", 0, 2);
        stage.router.load(new GroupLoad(2, 0, 1, 0));
        stage.router.await("GONE", 0, 2);
        stage.router.load(new GroupLoad(0, 1, 2, 0));
        stage.router.await("READY", 0, 4);
        assertThat(stage.router.story()).doesNotContain("UNAVAILABLE");
    }

    @Test
    void stopsTheServerWhenNoRequestComesForSoLong() throws Exception {
        Elastic plan = Elastic.fixed(2);
        stage.elastic = new Elastic(
                0, 2, 1, plan.overload(), plan.algorithm(), plan.busyness(), 0, 0, false, Duration.ofMillis(100), true);
        stage.router.load(QUIET);
        stage.start();
        assertThat(stage.exit()).isZero();
        stage.log.await("no request for 100 ms: stopping (die-on-idle)");
    }

    @Test
    void addsNoWorkerAboveTheSoftLimitOfMemory() throws Exception {
        Elastic plan = cheaper(Elastic.Algorithm.BACKLOG, 60);
        stage.elastic = new Elastic(
                1, 1, 1, plan.overload(), plan.algorithm(), plan.busyness(), 1, 0, false, Duration.ZERO, false);
        stage.router.load(new GroupLoad(0, 5, 5, 0));
        Master master = stage.start();
        stage.router.await("READY", 0, 1);
        // By hand there may be more: after that the master has looked at the load and at the limit.
        master.changeWorkers(1);
        assertThat(stage.router.await("READY", 0, 2).id()).isEqualTo(2);
        assertThat(stage.log.all()).noneMatch(line -> line.contains("there is much to do"));
    }

    @Test
    void oneWorkerMoreOrLessByHand() throws Exception {
        stage.processes = 1;
        Master master = stage.serve();
        master.changeWorkers(1);
        assertThat(stage.router.await("READY", 0, 2).id()).isEqualTo(2);
        master.changeWorkers(-1);
        assertThat(stage.router.await("GONE", 0, 1).id()).isEqualTo(2);
        master.changeWorkers(-1);
        stage.log.await("1 worker(s) wanted as before");
        assertThat(stage.router.story()).doesNotContain("DRAINING 1/0");
    }
}
