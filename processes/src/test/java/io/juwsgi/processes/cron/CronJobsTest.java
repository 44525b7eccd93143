package io.juwsgi.processes.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.processes.Rig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs of commands, under a clock that the test sets. */
@Timeout(120)
class CronJobsTest {
    private final Rig rig = new Rig();
    private Instant now = Instant.parse("2026-11-21T12:00:10Z");
    private Duration mercy = Duration.ofSeconds(30);

    @AfterEach
    void stop() {
        rig.close();
    }

    private CronJobs jobs(CronPlan... plans) {
        return rig.add(new CronJobs(List.of(plans), rig.surroundings(mercy), () -> now, ZoneOffset.UTC));
    }

    private static CronPlan plan(String fields, String command) {
        return CronPlan.fields("cron", fields + " " + command, false, Duration.ZERO);
    }

    @Test
    void runsOnceInEachMinuteThatMatches() {
        jobs(plan("-2 -1 -1 -1 -1", "echo \"$GREETING\" tick"));
        rig.await("[cron echo] hello tick");
        rig.await("ended after");
        now = now.plusSeconds(45);
        rig.settle();
        now = now.plusSeconds(45);
        rig.settle();
        assertThat(rig.count("running (pid:")).isEqualTo(1);
        now = now.plusSeconds(60);
        rig.await("[cron echo] hello tick", 2);
        assertThat(rig.count("running (pid:")).isEqualTo(2);
    }

    @Test
    void doesNotMakeUpForMinutesThatTheMachineSleptThrough() {
        jobs(plan("-1 -1 -1 -1 -1", "echo tick"));
        rig.await("running (pid:");
        now = now.plus(Duration.ofHours(5));
        rig.await("running (pid:", 2);
        rig.settle();
        assertThat(rig.count("running (pid:")).isEqualTo(2);
    }

    @Test
    void runsAsOftenAsItMatchesAlsoWhileEarlierRunsGoOn() {
        jobs(plan("-1 -1 -1 -1 -1", "sleep 600"));
        rig.await("running (pid:");
        now = now.plusSeconds(60);
        rig.await("while 1 earlier run(s) go on");
    }

    @Test
    void aUniqueOneDoesNotRunTwiceAtATime() {
        jobs(CronPlan.fields("unique-cron", "-1 -1 -1 -1 -1 sleep 600", true, Duration.ZERO));
        rig.await("running (pid:");
        now = now.plusSeconds(60);
        rig.await("sleep still runs and is not started again");
        assertThat(rig.count("running (pid:")).isEqualTo(1);
    }

    @Test
    void harakiriKillsARunThatTakesTooLong() {
        jobs(CronPlan.described("cron2", "harakiri=1 sleep 600", Duration.ZERO));
        rig.await("runs for too long (harakiri), killing it");
        rig.await("killed by signal 9 (SIGKILL)");
    }

    @Test
    void tellsHowACommandFailed() {
        jobs(plan("-1 -1 -1 -1 -1", "no-such-program-anywhere"));
        rig.await("[cron no-such-program-anywhere] ");
        rig.await("exit code 127");
    }

    @Test
    void stopsRunsThatListen() {
        jobs(plan("-1 -1 -1 -1 -1", "trap 'echo listened; exit 0' TERM; echo armed; while :; do sleep 0.05; done"));
        rig.await("armed");
        rig.stop();
        rig.await("listened");
    }

    @Test
    void killsRunsThatDoNotListenWhenItStops() {
        mercy = Duration.ofMillis(200);
        jobs(plan("-1 -1 -1 -1 -1", "trap '' TERM; echo armed; while :; do sleep 0.05; done"));
        rig.await("armed");
        rig.stop();
        assertThat(rig.log()).contains("does not end when asked to, killing it", "killed by signal 9 (SIGKILL)");
    }

    @Test
    void startsNothingOnceItStops() {
        jobs(plan("-1 -1 -1 -1 -1", "echo tick"));
        rig.await("ended after");
        rig.stop();
        now = now.plusSeconds(60);
        rig.settle();
        assertThat(rig.count("running (pid:")).isEqualTo(1);
    }
}
