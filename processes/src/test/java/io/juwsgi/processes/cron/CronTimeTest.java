package io.juwsgi.processes.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.time.Duration;
import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronTimeTest {

    private static CronPlan fields(String text) {
        return CronPlan.fields("cron", text, false, Duration.ZERO);
    }

    // 2026-11-22 is a Sunday.
    @ParameterizedTest
    @CsvSource({
        "-1 -1 -1 -1 -1, 2026-11-21T09:41, true",
        "41 -1 -1 -1 -1, 2026-11-21T09:41, true",
        "40 -1 -1 -1 -1, 2026-11-21T09:41, false",
        "-5 -1 -1 -1 -1, 2026-11-21T09:45, true",
        "-5 -1 -1 -1 -1, 2026-11-21T09:41, false",
        "-5 -1 -1 -1 -1, 2026-11-21T09:00, true",
        "0 -2 -1 -1 -1, 2026-11-21T22:00, true",
        "0 -2 -1 -1 -1, 2026-11-21T21:00, false",
        "59 2 -1 -1 6, 2026-11-21T02:59, true",
        "59 2 -1 -1 5, 2026-11-21T02:59, false",
        "0 0 -1 -1 0, 2026-11-22T00:00, true",
        "0 0 -1 -1 7, 2026-11-22T00:00, true",
        "0 0 1 -1 -1, 2026-11-01T00:00, true",
        "0 0 1 -1 -1, 2026-11-02T00:00, false",
        "0 0 1 12 -1, 2026-12-01T00:00, true",
        "0 0 1 12 -1, 2026-11-01T00:00, false",
        "0 0 -1 -3 -1, 2026-12-24T00:00, true",
        "0 0 -1 -3 -1, 2026-11-24T00:00, false",
        // With both days either will do, as in cron(8).
        "0 0 13 -1 5, 2026-11-20T00:00, true",
        "0 0 13 -1 5, 2026-12-13T00:00, true",
        "0 0 13 -1 5, 2026-11-21T00:00, false",
        "0 0 -7 -1 -1, 2026-11-21T00:00, true",
    })
    void matches(String fields, LocalDateTime time, boolean expected) {
        assertThat(fields(fields + " true").time().matches(time)).isEqualTo(expected);
    }

    @Test
    void theCommandIsTheRestOfTheLine() {
        CronPlan plan = fields(" 5  4 -1 -1 -1   /usr/bin/backup --to '/a b'  -x ");
        assertThat(plan.time()).isEqualTo(new CronTime(5, 4, -1, -1, -1));
        assertThat(plan.command()).isEqualTo("/usr/bin/backup --to '/a b'  -x");
        assertThat(plan.name()).isEqualTo("backup");
    }

    @Test
    void keysThatAreNotNamedAreAny() {
        CronPlan plan =
                CronPlan.described("cron2", "hour=3,week=-2,unique=1,harakiri=60 /bin/a b=c", Duration.ofSeconds(7));
        assertThat(plan)
                .isEqualTo(new CronPlan(new CronTime(-1, 3, -1, -1, -2), "/bin/a b=c", true, Duration.ofSeconds(60)));
        assertThat(CronPlan.described("cron2", "/bin/a", Duration.ofSeconds(7)))
                .isEqualTo(new CronPlan(CronTime.ALWAYS, "/bin/a", false, Duration.ofSeconds(7)));
        assertThat(CronPlan.described("cron2", "echo a=b", Duration.ZERO).command())
                .isEqualTo("echo a=b");
        assertThat(CronPlan.described("cron2", "harakiri=0 /bin/a", Duration.ofSeconds(7))
                        .harakiri())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-1 -1 -1 -1 true | expected: MINUTE HOUR DAY MONTH WEEKDAY COMMAND",
                "* * * * * true | minute: * (expected: -60 to 59)",
                "60 -1 -1 -1 -1 true | minute: 60 (expected: -60 to 59)",
                "0 24 -1 -1 -1 true | hour: 24",
                "0 0 0 -1 -1 true | day: 0 (expected: 1 to 31)",
                "0 0 -1 13 -1 true | month: 13",
                "0 0 -1 -1 8 true | week: 8",
            })
    void refusesWhatNoClockShows(String text, String message) {
        assertThatThrownBy(() -> fields(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cron: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minute=1 | (expected: KEY=VALUE,... COMMAND)",
                "minutes=1 true | unknown key minutes (expected: one of day, harakiri, hour",
                "minute=x true | minute: x",
            })
    void refusesUnknownKeysAndMissingCommands(String text, String message) {
        assertThatThrownBy(() -> CronPlan.described("cron2", text, Duration.ZERO))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }
}
