package io.juwsgi.cli.command;

import io.juwsgi.config.ShownConfig;
import java.util.List;

/** {@code juwsgi show-config [ARGUMENT...]}: what a start with these arguments would be configured with, and from where. */
final class ShowConfigCommand implements ConfigCommands.Command {
    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        surroundings
                .out()
                .println(ShownConfig.text(surroundings.reader().read(arguments)).stripTrailing());
        return 0;
    }
}
