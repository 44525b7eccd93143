package io.juwsgi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.KnownOption;
import io.juwsgi.config.OptionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The table of the most used options says what the registry says. */
final class CommonOptionsTest {
    private static final Pattern NAME = Pattern.compile("`([a-z0-9-]+)`");
    private static final Map<String, KnownOption.State> ROWS = Map.of(
            "| acted on |",
            KnownOption.State.ACTIVE,
            "| always so |",
            KnownOption.State.ALWAYS,
            "| known, notice \"not yet\" |",
            KnownOption.State.LATER,
            "| known, notice why it has no meaning |",
            KnownOption.State.MEANINGLESS);

    private final Map<String, KnownOption.State> states = new HashMap<>();

    @BeforeEach
    void readStates() {
        OptionRegistry options = Main.ownOptions();
        PluginRegistry.bundled(options, Version.TEXT);
        for (KnownOption known : options.everything()) {
            states.put(known.option().name(), known.state());
            known.option().aliases().forEach(alias -> states.put(alias, known.state()));
        }
    }

    @Test
    void everyOptionStandsInTheRowOfItsState() throws Exception {
        String page = Files.readString(Path.of("../docs/differences.md"));
        Map<String, KnownOption.State> written = new HashMap<>();
        page.lines()
                .forEach(line -> ROWS.forEach((start, state) -> {
                    if (line.startsWith(start)) {
                        NAME.matcher(line).results().forEach(m -> written.put(m.group(1), state));
                    }
                }));
        assertThat(written).hasSizeGreaterThan(100);
        assertThat(written)
                .as("move each option that differs to the row of its state in docs/differences.md")
                .allSatisfy(
                        (name, state) -> assertThat(states.get(name)).as(name).isEqualTo(state));
    }
}
