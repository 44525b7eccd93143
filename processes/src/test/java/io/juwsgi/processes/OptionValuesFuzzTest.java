package io.juwsgi.processes;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Any text is read as keys and values, or refused. */
final class OptionValuesFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void keyValues(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        try {
            assertThat(KeyValues.parse("option", text, Set.of("a", "b", "c")).keySet())
                    .isSubsetOf("a", "b", "c");
        } catch (ConfigException e) {
            assertThat(e.getMessage()).startsWith("option: ");
        }
    }
}
