package io.juwsgi.processes.cron;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.juwsgi.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.function.Supplier;

/** Any text is read as a command with its times, or refused; what is read can be asked whether it is due. */
final class CronFuzzTest {
    private static final LocalDateTime TIME = LocalDateTime.parse("2026-11-21T12:00:00");

    @FuzzTest(maxDuration = "30s")
    void fields(byte[] bytes) {
        readOrRefused(() -> CronPlan.fields("cron", text(bytes), false, Duration.ZERO));
    }

    @FuzzTest(maxDuration = "30s")
    void described(byte[] bytes) {
        readOrRefused(() -> CronPlan.described("cron2", text(bytes), Duration.ZERO));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void readOrRefused(Supplier<CronPlan> reader) {
        try {
            CronPlan plan = reader.get();
            assertThat(plan.command()).isNotBlank();
            plan.time().matches(TIME);
        } catch (ConfigException e) {
            assertThat(e.getMessage()).startsWith("cron");
        }
    }
}
