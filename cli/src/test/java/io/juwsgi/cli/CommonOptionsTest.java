package io.juwsgi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.KnownOption;
import io.juwsgi.config.OptionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the most used options says what the registry says. */
final class CommonOptionsTest {
    private static final String PAGE = "docs/differences.md";
    private static final String HEADING = "## The most used options";
    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9-]+)` \\| ([a-z ]+) \\|");

    private static String words(KnownOption.State state) {
        return switch (state) {
            case ACTIVE -> "acted on";
            case ALWAYS -> "always so";
            case LATER -> "not yet";
            case MEANINGLESS -> "no meaning";
        };
    }

    private static Map<String, String> states() {
        OptionRegistry options = Main.ownOptions();
        PluginRegistry.bundled(options, Version.TEXT);
        Map<String, String> states = new HashMap<>();
        for (KnownOption known : options.everything()) {
            states.put(known.option().name(), words(known.state()));
            known.option().aliases().forEach(alias -> states.put(alias, words(known.state())));
        }
        return states;
    }

    @Test
    void everyLineOfTheTableIsTrue() throws Exception {
        Map<String, String> states = states();
        Set<String> told = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        List<String> lines = Files.readAllLines(Path.of("..", PAGE));
        for (int i = lines.indexOf(HEADING) + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            String position = PAGE + ":" + (i + 1) + ": ";
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                String right = "| `" + row.group(1) + "` | " + states.get(row.group(1)) + " |";
                if (!told.add(row.group(1))) {
                    wrong.add(position + "the second line about " + row.group(1) + ": delete one");
                } else if (!line.equals(right)) {
                    wrong.add(position + "write " + right);
                }
            } else if (line.startsWith("|") && !line.equals("| option | juwsgi |") && !line.equals("|---|---|")) {
                wrong.add(position
                        + "not of the form | `OPTION` | STATE |: delete it, the options have lines of their own");
            }
        }
        assertThat(wrong).as("lines to change").isEmpty();
        assertThat(told).hasSizeGreaterThanOrEqualTo(118);
    }
}
