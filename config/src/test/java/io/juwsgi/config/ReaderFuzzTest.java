package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Any bytes are read, or refused with a {@link ConfigException}. */
final class ReaderFuzzTest {
    /** What would run commands, reach the network or wait for a device. */
    private static final Pattern OUTSIDE = Pattern.compile("://|/dev|/proc|/sys|\\.\\.|%[01]");

    private static final Map<String, String> ENVIRONMENT = Map.of("HOME", "/root", "PORT", "81");

    private Path directory = Path.of("");

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("juwsgi-fuzz");
    }

    @AfterEach
    void removeDirectory() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @FuzzTest(maxDuration = "30s")
    void ini(byte[] bytes) {
        Parsed parsed = IniFile.read(List.of(new IniFile.Part("a.ini", text(bytes))), "");
        assertThat(parsed.assignments()).allSatisfy(a -> assertThat(a.value()).doesNotContain("\n"));
    }

    @FuzzTest(maxDuration = "30s")
    void yaml(byte[] bytes) {
        refusedOr(() -> YamlFile.read(text(bytes), "a.yaml", ""));
    }

    @FuzzTest(maxDuration = "30s")
    void json(byte[] bytes) {
        refusedOr(() -> JsonFile.read(text(bytes), "a.json", ""));
    }

    @FuzzTest(maxDuration = "30s")
    void xml(byte[] bytes) {
        refusedOr(() -> XmlFile.read(text(bytes), "a.xml", ""));
    }

    @FuzzTest(maxDuration = "30s")
    void hocon(byte[] bytes) {
        if (!OUTSIDE.matcher(text(bytes)).find()) {
            HoconSource source = new HoconSource(text(bytes), directory.resolve("a.conf"), "a.conf", surroundings());
            refusedOr(() -> HoconFile.read(source, name -> name.startsWith("u")));
        }
    }

    /** Everything that options, placeholders and blocks can do, by way of a file. */
    @FuzzTest(maxDuration = "30s")
    void wholeReading(byte[] bytes) throws IOException {
        if (!OUTSIDE.matcher(text(bytes)).find()) {
            Files.write(directory.resolve("a.ini"), bytes);
            toldOf(List.of("--ini", "a.ini"));
        }
    }

    @FuzzTest(maxDuration = "30s")
    void commandLine(byte[] bytes) {
        if (!OUTSIDE.matcher(text(bytes)).find()) {
            toldOf(List.of(text(bytes).split("\0")));
        }
    }

    private void toldOf(List<String> argv) {
        Findings found = new ConfigReader(new Reading(directory).registry, surroundings()).check(argv);
        assertThat(found.errors()).allSatisfy(line -> assertThat(line).isNotBlank());
        found.warnings().forEach(line -> assertThat(line).isNotBlank());
    }

    private Surroundings surroundings() {
        return new Surroundings(
                directory,
                ENVIRONMENT,
                new ByteArrayInputStream(new byte[0]),
                new Patience(Duration.ofSeconds(5)),
                false);
    }

    private static void refusedOr(Runnable reader) {
        try {
            reader.run();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
