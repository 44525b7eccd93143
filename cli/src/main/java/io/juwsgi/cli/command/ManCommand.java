package io.juwsgi.cli.command;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ManPage;
import java.util.List;

/** {@code juwsgi man}: the manual page, for {@code juwsgi man | man -l -}. */
final class ManCommand implements ConfigCommands.Command {
    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        if (!arguments.isEmpty()) {
            throw new ConfigException("man: " + String.join(" ", arguments) + " (expected: no arguments)");
        }
        List<String> usage = ConfigCommands.usage("juwsgi").strip().lines().toList();
        surroundings.out().print(ManPage.roff(surroundings.options(), surroundings.version(), usage));
        return 0;
    }
}
