package io.juwsgi.processes.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.processes.Rig;
import io.juwsgi.processes.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attached programs, which are real shells. */
@Timeout(120)
class DaemonsTest {
    /** Stays until it is signalled. */
    private static final String FOREVER = "while :; do sleep 0.05; done";

    @TempDir
    Path directory;

    private final Rig rig = new Rig();
    private final AtomicInteger serverStops = new AtomicInteger();
    private Duration mercy = Duration.ofSeconds(30);

    @AfterEach
    void stop() {
        rig.close();
    }

    private Daemons attach(DaemonPlan... plans) {
        List<Attachment> attachments = Arrays.stream(plans)
                .map(plan -> Daemons.attachment(plan, false, rig.surroundings(mercy), serverStops::incrementAndGet))
                .toList();
        return rig.add(new Daemons(attachments));
    }

    private static DaemonPlan simple(String command) {
        return DaemonPlan.simple("attach-daemon", command, false);
    }

    private static DaemonPlan described(String keys) {
        return DaemonPlan.described("attach-daemon2", keys);
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    private static long lastNumber(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    @Test
    void startsAgainWhatEndsWithLongerAndLongerPauses() {
        attach(simple("echo \"$GREETING\" from here; exit 3"));
        rig.await("[daemon echo] hello from here", 4);
        rig.await("has ended, exit code 3, respawning now");
        rig.await("exit code 3, respawning in 20 ms");
        rig.await("exit code 3, respawning in 80 ms");
        assertThat(rig.log())
                .contains("[uwsgi-daemons] spawning echo (pid: ", "[uwsgi-daemons] respawning echo (pid: ");
    }

    @Test
    void pausesAreNotLongerThanAskedFor() {
        attach(described("cmd=exit 3,max_throttle=0"));
        rig.await("respawning now", 5);
    }

    @Test
    void endsItWithItsSignalAndAllThatItStarted() {
        attach(described("cmd=\"trap 'echo got it; exit 0' USR1; sleep 600 & echo child is $!; " + FOREVER
                + "\",stopsignal=USR1"));
        long child = lastNumber(rig.await("child is"));
        rig.stop();
        rig.await("got it");
        rig.until("the child is gone", () -> !isAlive(child));
    }

    @Test
    void killsWhatDoesNotEnd() {
        mercy = Duration.ofMillis(200);
        attach(simple("trap '' TERM; echo armed; " + FOREVER));
        rig.await("armed");
        rig.stop();
        assertThat(rig.log()).contains("does not end when asked to, killing it", "killed by signal 9 (SIGKILL)");
    }

    @Test
    void aTouchRestartsIt() throws Exception {
        Path file = Files.createFile(directory.resolve("touch"));
        attach(described("cmd=echo up; exec sleep 600,touch=" + file));
        rig.await("[daemon echo] up");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        rig.await("restarts because a file was touched");
        rig.await("[daemon echo] up", 2);
    }

    @Test
    void aReloadReachesOnlyThoseThatWantToHearOfIt() {
        Daemons daemons = attach(
                described("cmd=\"trap 'echo reloaded' HUP; echo armed; " + FOREVER + "\",reloadsignal=HUP"),
                simple("trap 'echo disturbed' HUP; echo armed; " + FOREVER));
        rig.await("armed", 2);
        daemons.reload();
        rig.await("reloaded");
        rig.stop();
        assertThat(rig.log()).doesNotContain("disturbed");
    }

    @Test
    void theServerStopsWithAControlDaemon() {
        attach(DaemonPlan.simple("attach-control-daemon", "exit 4", true));
        rig.await("has ended, exit code 4: the server stops");
        assertThat(serverStops).hasValue(1);
        rig.settle();
        assertThat(rig.count("spawning exit")).isEqualTo(1);
    }

    @Test
    void aSmartDaemonOutlivesTheServerAndIsFoundByTheNext() throws Exception {
        Path pidfile = directory.resolve("daemon.pid");
        DaemonPlan plan = DaemonPlan.smart("smart-attach-daemon2", pidfile + " exec sleep 600 >/dev/null 2>&1", true);
        Daemons first = attach(plan);
        rig.await("spawning (pid:");
        long pid = Long.parseLong(Files.readString(pidfile).strip());
        try {
            rig.stop();
            rig.forget(first);
            assertThat(isAlive(pid)).isTrue();
            attach(plan);
            rig.await("exec runs (pid: " + pid + ")");
            assertThat(rig.count("spawning (pid:")).isEqualTo(1);
            Signals.send(pid, Signals.KILL);
            rig.await("does not run any more, respawning now");
            rig.await("spawning (pid:", 2);
            rig.until("the pidfile names another process", () -> readPid(pidfile) != pid);
        } finally {
            Signals.send(pid, Signals.KILL);
            Signals.send(readPid(pidfile), Signals.KILL);
        }
    }

    @Test
    void aSmartDaemonThatGoesToTheBackgroundWritesItsOwnPidfile() throws Exception {
        Path pidfile = directory.resolve("daemon.pid");
        attach(DaemonPlan.smart(
                "smart-attach-daemon",
                pidfile + ",30 sleep 600 >/dev/null 2>&1 & echo $! > " + pidfile + ".new && mv " + pidfile + ".new "
                        + pidfile,
                false));
        rig.await("sleep runs (pid: ");
        long pid = readPid(pidfile);
        rig.stop();
        assertThat(isAlive(pid)).isTrue();
        Signals.send(pid, Signals.KILL);
    }

    @Test
    void aSmartDaemonThatNeverComesUpIsStartedAgain() {
        attach(DaemonPlan.smart("smart-attach-daemon", directory.resolve("none") + ",1 true", false));
        rig.await("did not come up");
        rig.await("spawning (pid:", 2);
    }

    @Test
    void aNotifiedSmartDaemonIsStoppedWithTheServer() throws Exception {
        Path pidfile = directory.resolve("daemon.pid");
        attach(described("cmd=exec sleep 600 >/dev/null 2>&1,pidfile=" + pidfile + ",daemonize=1,notifypid=1"));
        rig.await("spawning (pid:");
        long pid = readPid(pidfile);
        rig.stop();
        rig.until("it is gone", () -> !isAlive(pid));
    }

    private static long readPid(Path pidfile) {
        try {
            return Long.parseLong(Files.readString(pidfile).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "freq=3 | no command",
                "cmd=a,legion=x | unknown key legion (expected: one of chdir, cmd",
                "cmd=a,stopsignal=NOSUCH | signal NOSUCH",
                "cmd=a,stopsignal=63 | signal 63",
                "cmd=a,daemonize=1 | daemonize without a pidfile",
                "cmd=a,freq=0 | freq: 0 (expected: 1 to 86400)",
                "cmd=\"a | expected: a second quotation mark",
                "cmd | cmd (expected: KEY=VALUE)",
            })
    void refusesWhatItCannotRead(String keys, String message) {
        assertThatThrownBy(() -> described(keys))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("attach-daemon2: ")
                .hasMessageContaining(message);
    }

    @Test
    void readsEveryKey() {
        DaemonPlan plan = described("cmd=a b\\,c,pidfile=/run/x.pid,freq=5,daemonize=1,control=0,touch=/t1;/t2,"
                + "stopsignal=2,reloadsignal=SIGHUP,notifypid=1,stdin=1,uid=www,gid=33,chdir=/srv,max_throttle=7");
        assertThat(plan.command()).isEqualTo("a b,c");
        assertThat(plan.pidfile()).contains(Path.of("/run/x.pid"));
        assertThat(plan.patience()).isEqualTo(Duration.ofSeconds(5));
        assertThat(plan.writesPidfile()).isTrue();
        assertThat(plan.control()).isFalse();
        assertThat(plan.touch()).isEqualTo(Stream.of("/t1", "/t2").map(Path::of).toList());
        assertThat(plan.stopSignal()).isEqualTo(2);
        assertThat(plan.reloadSignal()).isEqualTo(1);
        assertThat(plan.notifies()).isTrue();
        assertThat(plan.inheritsInput()).isTrue();
        assertThat(plan.uid()).contains("www");
        assertThat(plan.gid()).contains("33");
        assertThat(plan.directory()).contains(Path.of("/srv"));
        assertThat(plan.throttle()).isEqualTo(Duration.ofSeconds(7));
    }
}
