package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reading that looks for a few options before all options are known. */
final class PreviewTest {
    private static final Option<List<String>> PLUGINS = Option.list("plugins").alias("plugin");

    @TempDir
    private Path directory;

    private Reading reading;

    @BeforeEach
    void makeReading() {
        reading = new Reading(directory);
        reading.registry.add("plugins", List.of(PLUGINS));
    }

    @Test
    void findsTheOptionInEverySourceInOrder() throws Exception {
        reading.variable("UWSGI_PLUGINS", "a").file("a.ini", "[uwsgi]\nplugin = c\nset = plugin=d\n");
        assertThat(preview("--plugin", "b", "-M", "a.ini")).containsExactly("a", "b", "c", "d");
    }

    @Test
    void passesOverWhatIsUnknownOrWrong() throws Exception {
        reading.file(
                "a.ini", "[uwsgi]\nno-such-option = 1\nplugin = a\nplugin = b\nini = missing.ini\nplugin = late\n");
        assertThat(preview("--unknown", "-Z", "--help", "word", "--processes=-1", "--ini", "a.ini", "--plugin", "c"))
                .containsExactly("a", "b", "late", "c");
    }

    @Test
    void replacesPlaceholders() throws Exception {
        reading.file("a.ini", "[uwsgi]\nplugin = %(base)/%n.jar\nbase = /srv\n");
        assertThat(preview("a.ini")).containsExactly("/srv/a.jar");
    }

    @Test
    void standardInputAndCommandsAreReadOnce() throws Exception {
        byte[] text =
                "[uwsgi]\nplugin = a\nprocname = @(exec://echo x >>ran; cat ran)\n".getBytes(StandardCharsets.US_ASCII);
        ConfigReader reader = new ConfigReader(
                reading.registry, directory, Map.of("PATH", System.getenv("PATH")), new ByteArrayInputStream(text));
        assertThat(reader.preview(List.of("--ini", "-"), List.of(PLUGINS)).get(PLUGINS))
                .containsExactly("a");
        Settings settings = reader.read(List.of("--ini", "-")).settings();
        assertThat(settings.get(PLUGINS)).containsExactly("a");
        assertThat(settings.get(Reading.PROCNAME)).contains("x");
        assertThat(Files.readString(directory.resolve("ran"))).isEqualTo("x\n");
    }

    @Test
    void pipesAreReadOnceToo() throws Exception {
        String pipe = directory.resolve("pipe.ini").toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
        Process writer =
                new ProcessBuilder("sh", "-c", "printf '[uwsgi]\nplugin = a\nthreads = 3\n' >\"$0\"", pipe).start();
        ConfigReader reader = new ConfigReader(reading.registry, directory, Map.of());
        assertThat(reader.preview(List.of(pipe), List.of(PLUGINS)).get(PLUGINS)).containsExactly("a");
        assertThat(writer.waitFor()).isZero();
        assertThat(reader.withoutVariables().read(List.of(pipe)).settings().get(Reading.THREADS))
                .isEqualTo(3);
    }

    private List<String> preview(String... argv) {
        return new ConfigReader(reading.registry, directory, reading.environment)
                .preview(List.of(argv), List.of(PLUGINS))
                .get(PLUGINS);
    }
}
