package io.juwsgi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HelpTest {
    @Test
    void namesEveryOptionWithAllThereIsToSay(@TempDir Path directory) {
        OptionRegistry registry = new Reading(directory).registry;
        String help = Help.text(registry, 100);
        registry.all().forEach(option -> assertThat(help).contains("--" + option.name()));
        assertThat(help)
                .contains(
                        "  -p, --processes N               number of worker processes (default: 1) (also --workers)\n")
                .contains("http:\n      --http ADDRESS")
                .contains(
                        "--http-keepalive[=N]        keep connections of clients open, for so many seconds when idle\n")
                .contains("      --vacuum                    remove sockets and the pid file on exit\n");
    }

    @Test
    void keepsToTheWidth(@TempDir Path directory) {
        assertThat(Help.text(new Reading(directory).registry, 70).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(70));
    }
}
