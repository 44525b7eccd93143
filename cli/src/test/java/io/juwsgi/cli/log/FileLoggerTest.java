package io.juwsgi.cli.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.log.LogLine;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileLoggerTest {
    @TempDir
    Path directory;

    private static List<LogLine> lines(String... texts) {
        return List.of(texts).stream()
                .map(text -> new LogLine(LogLine.Source.MESSAGE, Level.INFO, 0, 0, 0, text))
                .toList();
    }

    private FileSettings settings(boolean truncate, long maxSize, Optional<String> backup) {
        Optional<Set<PosixFilePermission>> mode = Optional.of(PosixFilePermissions.fromString("rw-r-----"));
        return new FileSettings(file(), truncate, maxSize, backup, mode, Optional.empty(), Optional.empty());
    }

    private Path file() {
        return directory.resolve("the.log");
    }

    private FileLogger open(boolean truncate, long maxSize, Optional<String> backup) throws IOException {
        FileLogger logger = new FileLogger(settings(truncate, maxSize, backup));
        logger.start();
        return logger;
    }

    @Test
    void addsToTheFileOrEmptiesItAtStart() throws Exception {
        Files.writeString(file(), "old\n");
        try (Closing logger = new Closing(open(false, 0, Optional.empty()))) {
            logger.logger().write(lines("new", "umlaut \u00e9 \u20ac", "two\nlines"));
        }
        assertThat(file()).hasContent("old\nnew\numlaut \u00e9 \u20ac\ntwo\nlines\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r-----");
        try (Closing logger = new Closing(open(true, 0, Optional.empty()))) {
            logger.logger().write(lines("only"));
        }
        assertThat(file()).hasContent("only\n");
    }

    @Test
    void writesLinesThatAreLongerThanItsBuffer() throws Exception {
        String large = "x".repeat(200_000);
        try (Closing logger = new Closing(open(false, 0, Optional.empty()))) {
            logger.logger().write(lines("a", large, "b"));
        }
        assertThat(Files.readAllLines(file())).containsExactly("a", large, "b");
    }

    @Test
    void putsTheFileAsideWhenItHasItsSize() throws Exception {
        Path backup = directory.resolve("backup");
        try (Closing logger = new Closing(open(false, 10, Optional.of(backup.toString())))) {
            logger.logger().write(lines("123456789"));
            logger.logger().write(lines("next"));
        }
        assertThat(backup).hasContent("123456789\n");
        assertThat(file()).hasContent("next\n");
    }

    @Test
    void neverWritesOverAFileThatWasPutAside() throws Exception {
        try (Closing logger = new Closing(open(false, 0, Optional.empty()))) {
            for (String text : List.of("one", "two", "three")) {
                logger.logger().write(lines(text));
                logger.logger().rotate();
            }
        }
        try (var files = Files.list(directory)) {
            assertThat(files.map(f -> f.getFileName().toString()).toList())
                    .hasSize(4)
                    .allMatch(name -> name.matches("the\\.log(\\.[0-9]{10,})?"));
        }
    }

    @Test
    void goesOnWhenTheFileCannotBePutAside() throws Exception {
        String nowhere = directory.resolve("missing/backup").toString();
        try (Closing logger = new Closing(open(false, 3, Optional.of(nowhere)))) {
            logger.logger().write(lines("one"));
            logger.logger().write(lines("two"));
        }
        assertThat(file()).hasContent("one\ntwo\n");
    }

    @Test
    void writesToTheNewFileAfterItWasOpenedAgain() throws Exception {
        Path moved = directory.resolve("moved");
        try (Closing logger = new Closing(open(false, 0, Optional.empty()))) {
            logger.logger().write(lines("one"));
            Files.move(file(), moved);
            logger.logger().reopen();
            logger.logger().write(lines("two"));
        }
        assertThat(moved).hasContent("one\n");
        assertThat(file()).hasContent("two\n");
    }

    @Test
    void tellsThatTheDeviceIsFull() throws Exception {
        Path full = Path.of("/dev/full");
        FileLogger logger = new FileLogger(new FileSettings(
                full, false, 0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
        logger.start();
        try (Closing open = new Closing(logger)) {
            assertThatThrownBy(() -> open.logger().write(lines("lost")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");
        }
    }

    /** Closes a logger without the exceptions that an interface for all of them declares. */
    record Closing(FileLogger logger) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            logger.close();
        }
    }
}
