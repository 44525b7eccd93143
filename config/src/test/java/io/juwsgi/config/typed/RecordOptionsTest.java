package io.juwsgi.config.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.Configuration;
import io.juwsgi.config.Help;
import io.juwsgi.config.OptionRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records as options, read from real sources. */
class RecordOptionsTest {

    enum Mode {
        FAST,
        VERY_SMALL
    }

    @Doc("compress responses")
    record Gzip(
            @Default("6") @Doc("from 1, fast, to 9, small") int level,
            @Default("1k") ByteSize minSize,
            @Default("fast") Mode mode,
            @Default("1500ms") Duration delay,
            @Default("true") boolean vary,
            boolean dryRun,
            List<String> types,
            Optional<Path> spool) {
        Gzip {
            if (level < 1 || level > 9) {
                throw new IllegalArgumentException("level: " + level + " (expected: 1 to 9)");
            }
        }
    }

    record Needed(String key, int count) {}

    record Wrong(Object what) {}

    @TempDir
    Path directory;

    private final OptionRegistry registry = new OptionRegistry();
    private final RecordOptions<Gzip> gzip = RecordOptions.of("gzip", Gzip.class);
    private final List<String> failures = new ArrayList<>();

    RecordOptionsTest() {
        registry.add("plugin gzip", gzip.options());
    }

    private Configuration read(String... arguments) {
        return new ConfigReader(registry, directory, Map.of()).read(List.of(arguments));
    }

    private Configuration file(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text);
        return read(name);
    }

    private Gzip decoded(Configuration configuration) {
        Optional<Gzip> record = gzip.decode(configuration.settings(), failures);
        assertThat(failures).isEmpty();
        return record.orElseThrow();
    }

    @Test
    void defaultsAreWhatTheAnnotationsSay() {
        assertThat(decoded(read("--gzip")))
                .isEqualTo(new Gzip(
                        6,
                        new ByteSize(1024),
                        Mode.FAST,
                        Duration.ofMillis(1500),
                        true,
                        false,
                        List.of(),
                        Optional.empty()));
    }

    @Test
    void everyTypeIsReadFromTheCommandLine() {
        Gzip record = decoded(read(
                "--gzip-level=9",
                "--gzip-min-size",
                "2m",
                "--gzip-mode",
                "very-small",
                "--gzip-delay",
                "2h",
                "--gzip-vary=off",
                "--gzip-dry-run",
                "--gzip-types",
                "text/html",
                "--gzip-types",
                "text/css",
                "--gzip-spool",
                "/var/spool"));
        assertThat(record)
                .isEqualTo(new Gzip(
                        9,
                        new ByteSize(2 * 1024 * 1024),
                        Mode.VERY_SMALL,
                        Duration.ofHours(2),
                        false,
                        true,
                        List.of("text/html", "text/css"),
                        Optional.of(Path.of("/var/spool"))));
    }

    @Test
    void hoconNestsTheSameNames() throws Exception {
        Gzip record = decoded(file("juwsgi.conf", """
                gzip {
                  level = 3
                  min-size = 64k
                  types = ["text/html", "text/css"]
                }
                """));
        assertThat(record.level()).isEqualTo(3);
        assertThat(record.minSize()).isEqualTo(new ByteSize(64 * 1024));
        assertThat(record.types()).containsExactly("text/html", "text/css");
    }

    @Test
    void isActiveByItsFlagOrByAnyOption() {
        assertThat(gzip.active(read().settings())).isFalse();
        assertThat(gzip.active(read("--gzip").settings())).isTrue();
        assertThat(gzip.active(read("--gzip-level=1").settings())).isTrue();
    }

    @Test
    void aFlagThatIsOffTurnsItOffWhateverElseIsSet() throws Exception {
        assertThat(gzip.active(file("off.ini", "[juwsgi]\ngzip = false\ngzip-level = 1\n")
                        .settings()))
                .isFalse();
    }

    @Test
    void allFailuresComeTogetherWithPositionFoundAndExpected() throws Exception {
        Configuration configuration = file(
                "app.ini", "[juwsgi]\ngzip-level = five\ngzip-mode = slow\ngzip-min-size = -1\ngzip-delay = 1 week\n");
        assertThat(gzip.decode(configuration.settings(), failures)).isEmpty();
        assertThat(failures)
                .containsExactly(
                        "app.ini:2: gzip-level = five (expected: a whole number)",
                        "app.ini:4: gzip-min-size = -1 (expected: a size such as 512, 64k, 10m or 1g)",
                        "app.ini:3: gzip-mode = slow (expected: one of fast, very-small)",
                        "app.ini:5: gzip-delay = 1 week (expected: a time such as 500ms, 30s, 5m, 2h or 1d; seconds "
                                + "without a unit)");
    }

    @Test
    void whatTheConstructorRefusesGetsItsPosition() throws Exception {
        Configuration configuration = file("app.ini", "[juwsgi]\n\ngzip-level = 12\n");
        assertThat(gzip.decode(configuration.settings(), failures)).isEmpty();
        assertThat(failures).containsExactly("app.ini:3: gzip-level: 12 (expected: 1 to 9)");
    }

    @Test
    void whatHasNoDefaultMustBeSet() {
        RecordOptions<Needed> needed = RecordOptions.of("jwt", Needed.class);
        assertThat(needed.decode(read().settings(), failures)).isEmpty();
        assertThat(failures)
                .containsExactly(
                        "jwt-key is not set (expected: a text)", "jwt-count is not set (expected: a whole number)");
    }

    @Test
    void standInTheHelpUnderTheirId() {
        assertThat(Help.text(registry, 100))
                .contains("gzip:\n")
                .containsPattern("--gzip +compress responses")
                .containsPattern("--gzip-level N +from 1, fast, to 9, small \\(default: 6\\)")
                .contains("--gzip-vary[=BOOLEAN]")
                .contains("--gzip-mode fast|very-small");
    }

    @Test
    void aTypeThatCannotBeWrittenIsRefused() {
        assertThatThrownBy(() -> RecordOptions.of("wrong", Wrong.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Wrong.what: java.lang.Object (expected: boolean, int, String");
    }
}
