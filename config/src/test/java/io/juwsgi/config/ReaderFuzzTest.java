package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Any bytes are read, or refused with a {@link ConfigException}. */
final class ReaderFuzzTest {

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
    void hocon(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("fuzz", ".conf");
        try {
            Files.write(file, bytes);
            refusedOr(() -> HoconFile.read(file, "a.conf", Map.of(), name -> name.startsWith("u")));
        } finally {
            Files.delete(file);
        }
    }

    @FuzzTest(maxDuration = "30s")
    void commandLine(byte[] bytes) {
        List<String> argv = List.of(text(bytes).split("\0"));
        refusedOr(() -> CommandLine.requested(new OptionRegistry(), argv));
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
