package io.juwsgi.processes.emperor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Origin;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.processes.Rig;
import io.juwsgi.processes.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An emperor whose vassals are small scripts. */
@Timeout(120)
class EmperorTest {
    @TempDir
    Path directory;

    private final Rig rig = new Rig();
    private final List<Setting> settings = new ArrayList<>();
    private Duration mercy = Duration.ofSeconds(30);
    private Duration haste = Duration.ofSeconds(30);
    private long time = 1_700_000_000;
    private Path script = Path.of("src/test/python/fake_vassal.py").toAbsolutePath();
    private Path vassals;
    private Path sockets;

    @BeforeEach
    void setUp() throws Exception {
        vassals = Files.createDirectory(directory.resolve("vassals"));
        sockets = Files.createDirectory(directory.resolve("s"));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private EmperorTest set(Option<?> option, Object value) {
        settings.add(new Setting(option, value.toString(), Origin.COMMAND_LINE));
        return this;
    }

    private Emperor emperor() {
        return emperor(vassals.toString());
    }

    private Emperor emperor(String place) {
        set(EmperorOptions.EMPEROR, place);
        EmperorPlan read = EmperorPlan.of(new Settings(settings)).orElseThrow();
        EmperorPlan plan = new EmperorPlan(
                read.places(),
                read.extensions(),
                read.followsLinks(),
                Duration.ofMillis(20),
                read.heartbeat(),
                read.tyrant(),
                read.longestPause(),
                read.before(),
                read.after(),
                read.heap());
        List<String> launcher = List.of(
                Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3",
                "-IS",
                script.toString());
        return rig.add(new Emperor(new Realm(plan, rig.surroundings(mercy), launcher, sockets, mercy, haste)));
    }

    /** Puts a file in its place at one stroke, with a time that no other one has: the emperor looks all the time. */
    private Path vassal(String name, String words) throws IOException {
        Path file = Files.writeString(directory.resolve("new"), words);
        Files.setLastModifiedTime(file, FileTime.fromMillis(++time * 1000));
        return Files.move(file, vassals.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.fromMillis(++time * 1000));
    }

    @Test
    void startsOneForEachFileAndLeavesOthersAlone() throws Exception {
        vassal("one.ini", "first");
        vassal("two.ini", "second");
        vassal("notes.txt", "third");
        Emperor emperor = emperor();
        rig.await("[vassal one.ini] serves first");
        rig.await("[vassal two.ini] serves second");
        rig.await("is ready to accept requests", 2);
        vassal("late.ini", "late");
        rig.await("[vassal late.ini] serves late");
        assertThat(rig.log()).doesNotContain("third");
        assertThat(emperor.status())
                .hasSize(3)
                .allSatisfy(status -> assertThat(status.starts()).isEqualTo(1));
    }

    @Test
    void aTouchReloadsAndANewConfigurationStartsAnew() throws Exception {
        Path file = vassal("one.ini", "first");
        emperor();
        rig.await("is ready to accept requests");
        touch(file);
        rig.await("[vassal one.ini] reloads");
        vassal("one.ini", "second");
        rig.await("[vassal one.ini] stopped by SIGTERM");
        rig.await("[vassal one.ini] serves second");
        assertThat(rig.log()).doesNotContain("blacklisted");
    }

    @Test
    void aRemovedFileStopsItsVassalAndANewOneOfTheSameNameStartsAgain() throws Exception {
        Path file = vassal("one.ini", "first");
        Emperor emperor = emperor();
        rig.await("is ready to accept requests");
        Files.delete(file);
        rig.await("[vassal one.ini] stopped by SIGTERM");
        rig.until("it is forgotten", () -> emperor.status().isEmpty());
        vassal("one.ini", "again");
        rig.await("[vassal one.ini] serves again");
    }

    @Test
    void aBrokenOneIsBlacklistedForLongerAndLongerUntilItIsMended() throws Exception {
        vassal("one.ini", "broken");
        vassal("two.ini", "sound");
        Emperor emperor = emperor();
        rig.await("exit code 1, respawning now");
        rig.await("exit code 1, blacklisted for 0.02 s");
        rig.await("exit code 1, blacklisted for 0.08 s");
        vassal("one.ini", "mended");
        rig.await("[vassal one.ini] serves mended");
        rig.until(
                "both serve",
                () -> emperor.status().stream().allMatch(status -> status.state() == VassalStatus.State.READY));
        assertThat(rig.count("[vassal two.ini] serves sound")).isEqualTo(1);
    }

    @Test
    void oneThatGivesNoMoreSignsOfLifeIsStartedAgain() throws Exception {
        set(EmperorOptions.REQUIRED_HEARTBEAT, 1);
        vassal("one.ini", "silent");
        vassal("two.ini", "never gave one");
        emperor();
        rig.await("gives no sign of life, killing it");
        rig.await("[vassal one.ini] serves silent", 2);
        assertThat(rig.log()).contains("[vassal one.ini] own variables WATCHDOG_USEC");
        assertThat(rig.count("[vassal two.ini] serves")).isEqualTo(1);
    }

    @Test
    void oneThatDoesNotHearTermGetsInt() throws Exception {
        mercy = Duration.ofMillis(200);
        vassal("one.ini", "stubborn");
        emperor();
        rig.await("serves");
        rig.stop();
        rig.await("[vassal one.ini] stopped by SIGINT");
        try (Stream<Path> left = Files.list(sockets)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void oneThatHearsNothingIsKilled() throws Exception {
        mercy = Duration.ofMillis(100);
        haste = Duration.ofMillis(100);
        vassal("one.ini", "deaf");
        emperor();
        rig.await("serves");
        rig.stop();
        assertThat(rig.log()).contains("does not stop, killing it", "killed by signal 9 (SIGKILL)");
    }

    @Test
    void everyVassalGetsWhatTheEmperorSetsForAll() throws Exception {
        Path common = Files.writeString(directory.resolve("common.ini"), "");
        set(EmperorOptions.SET, "owner=me");
        set(EmperorOptions.INCLUDE, common);
        set(EmperorOptions.INCLUDE_BEFORE, directory.resolve("defaults.ini"));
        set(EmperorOptions.HEAP, "64m");
        vassal("one.ini", "first");
        emperor();
        rig.await("one.ini] arguments --include defaults.ini --set owner=me --ini one.ini --include common.ini");
        rig.await("own variables JUWSGI_HEAP");
    }

    @Test
    void aTyrantRunsEachVassalAsTheOwnerOfItsFile() throws Exception {
        boolean root = Shell.isRoot();
        // Whoever a vassal runs as must reach its program, its file and its socket.
        for (Path reached : List.of(directory, vassals, sockets)) {
            Files.setPosixFilePermissions(reached, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        script = Files.copy(script, directory.resolve("vassal.py"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rw-r--r--"));
        set(EmperorOptions.TYRANT, "true");
        if (root) {
            vassal("root.ini", "of root");
        }
        Path file = vassal("one.ini", "of somebody");
        if (root) {
            Files.setAttribute(file, "unix:uid", 65534);
            Files.setAttribute(file, "unix:gid", 65533);
        }
        emperor();
        if (root) {
            rig.await("vassal root.ini is not started: its file belongs to root");
            rig.await("[vassal one.ini] runs as 65534 65533 []");
            rig.await("vassal one.ini is ready to accept requests");
        } else {
            rig.await("[vassal one.ini] setpriv: ");
            rig.await("vassal one.ini (pid: ");
        }
    }

    @Test
    void aPatternFindsFilesInSeveralDirectories() throws Exception {
        for (String name : List.of("a", "b")) {
            Files.createDirectory(vassals.resolve(name));
            vassal(name + "/server.ini", "of " + name);
        }
        vassal("a/other.yaml", "of nobody");
        emperor(vassals + "/*/server.*");
        rig.await("serves of a");
        rig.await("serves of b");
        assertThat(rig.log()).doesNotContain("nobody");
    }

    @Test
    void allReloadWhenTheEmperorIsTold() throws Exception {
        vassal("one.ini", "first");
        vassal("two.ini", "second");
        Emperor emperor = emperor();
        rig.await("is ready to accept requests", 2);
        emperor.reload();
        rig.await("] reloads", 2);
    }

    @Test
    void aDirectoryThatIsGoneTakesItsVassalsWithIt() throws Exception {
        Path place = Files.createDirectory(vassals.resolve("place"));
        vassal("place/one.ini", "first");
        Emperor emperor = emperor(place.toString());
        rig.await("is ready to accept requests");
        Files.move(place, directory.resolve("moved"));
        rig.await("[vassal one.ini] stopped by SIGTERM");
        rig.until("it is forgotten", () -> emperor.status().isEmpty());
    }

    @Test
    void refusesWhatItCannotDo() {
        assertThatThrownBy(() -> emperor("pg://host=127.0.0.1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("emperor: pg://host=127.0.0.1 (expected: a directory or a pattern of files)");
        settings.clear();
        set(EmperorOptions.HEAP, "lots");
        assertThatThrownBy(this::emperor).hasMessageContaining("vassal-heap: lots (expected: a size such as 96m)");
        settings.clear();
        set(EmperorOptions.FREQ, "0");
        assertThatThrownBy(this::emperor).hasMessageContaining("emperor-freq: 0 (expected: 1 to 86400)");
    }

    @Test
    void newsAreLinesOfNamesAndValues() {
        assertThat(NotifySocket.parse("READY=1\nSTATUS=a=b\nnonsense\n=x\n"))
                .isEqualTo(Map.of("READY", "1", "STATUS", "a=b"));
    }
}
