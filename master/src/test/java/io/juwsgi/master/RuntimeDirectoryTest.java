package io.juwsgi.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.processes.Pidfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeDirectoryTest {
    /** Linux gives no process an id above 2^22. */
    private static final long NOBODY = 4_194_305;

    @TempDir
    Path base;

    private final LogLines log = new LogLines();

    @Test
    void isPrivateNamedByItsProcessAndRemovedWhole() throws Exception {
        RuntimeDirectory directory = RuntimeDirectory.createIn(List.of(base), log);
        Path path = directory.runtime().directory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
        assertThat(path.getFileName().toString())
                .startsWith("juwsgi-" + ProcessHandle.current().pid() + "-");
        assertThat(directory.runtime().controlSocket().getParent()).isEqualTo(path);
        Files.createFile(path.resolve("worker-1-2.sock"));
        directory.remove();
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void removesWhatKilledServersLeft() throws Exception {
        Path stale = Files.createDirectory(base.resolve("juwsgi-" + NOBODY + "-123"));
        Files.createFile(stale.resolve("lock"));
        Files.createFile(stale.resolve("control.sock"));
        Path target = Files.createFile(base.resolve("precious"));
        Files.createSymbolicLink(stale.resolve("link"), target);
        RuntimeDirectory.createIn(List.of(base), log);
        assertThat(stale).doesNotExist();
        assertThat(target).exists();
        log.await("removed what a killed server left: " + stale);
    }

    @Test
    void leavesWhatBelongsToOthers() throws Exception {
        RuntimeDirectory own = RuntimeDirectory.createIn(List.of(base), log);
        long alive = ProcessHandle.current().parent().orElseThrow().pid();
        List<Path> others = List.of(
                own.runtime().directory(),
                Files.createDirectory(base.resolve("juwsgi-" + alive + "-1")),
                Files.createDirectory(base.resolve("juwsgi-plugins")),
                Files.createFile(base.resolve("juwsgi-" + NOBODY + "-2")),
                Files.createSymbolicLink(base.resolve("juwsgi-" + NOBODY + "-3"), base));
        RuntimeDirectory.createIn(List.of(base), log);
        assertThat(others).allSatisfy(path -> assertThat(Files.exists(path)).isTrue());
    }

    @Test
    void passesOverBasesThatCannotBeUsed() throws Exception {
        Path tooLong = Files.createDirectories(base.resolve("x".repeat(60)).resolve("y".repeat(60)));
        RuntimeDirectory directory = RuntimeDirectory.createIn(List.of(base.resolve("missing"), tooLong, base), log);
        assertThat(directory.runtime().directory().getParent()).isEqualTo(base);
        assertThat(tooLong).isEmptyDirectory();
    }

    @Test
    void saysWhyWhenNoBaseCanBeUsed() throws IOException {
        Path tooLong = Files.createDirectories(base.resolve("x".repeat(100)));
        assertThatThrownBy(() -> RuntimeDirectory.createIn(List.of(base.resolve("missing"), tooLong), log))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("missing: not a directory that can be written to")
                .hasMessageContaining("bytes (expected: at most 78)");
    }

    @Test
    void writesThePidfileWholeAndRemovesOnlyItsOwn() throws Exception {
        Path path = base.resolve("server.pid");
        Files.writeString(path, "1\n");
        Pidfile file = Pidfile.write(path);
        assertThat(path).hasContent(ProcessHandle.current().pid() + "\n");
        assertThat(base.toFile().list()).containsExactly("server.pid");
        Files.writeString(path, "2\n");
        file.remove();
        assertThat(path).hasContent("2\n");
        Pidfile.write(path).remove();
        assertThat(path).doesNotExist();
        file.remove();
    }

    @Test
    void saysWhichPidfileCannotBeWritten() {
        Path path = base.resolve("missing").resolve("server.pid");
        assertThatThrownBy(() -> Pidfile.write(path))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("pidfile: cannot write " + path + ": ");
    }
}
