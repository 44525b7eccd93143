package io.juwsgi.processes.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Any text is read as a program to attach, or refused. */
final class DaemonFuzzTest {

    @FuzzTest(maxDuration = "30s")
    void described(byte[] bytes) {
        readOrRefused(() -> DaemonPlan.described("attach-daemon2", new String(bytes, StandardCharsets.UTF_8)));
    }

    @FuzzTest(maxDuration = "30s")
    void smart(byte[] bytes) {
        readOrRefused(() -> DaemonPlan.smart("smart-attach-daemon", new String(bytes, StandardCharsets.UTF_8), false));
    }

    private static void readOrRefused(Supplier<DaemonPlan> reader) {
        try {
            assertThat(reader.get().command()).isNotBlank();
        } catch (ConfigException e) {
            assertThat(e.getMessage()).contains("attach-daemon");
        }
    }
}
