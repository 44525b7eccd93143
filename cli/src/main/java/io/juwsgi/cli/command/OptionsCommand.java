package io.juwsgi.cli.command;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.OptionsPage;
import java.util.List;

/** {@code juwsgi options [--json|--markdown] [AREA]}: every option that is known, or those of one area. */
final class OptionsCommand implements ConfigCommands.Command {
    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        OptionRegistry options = surroundings.options();
        String form = "";
        String area = "";
        for (String argument : arguments) {
            if (argument.equals("--json") || argument.equals("--markdown")) {
                form = argument;
            } else if (options.areas().contains(argument)) {
                area = argument;
            } else {
                throw new ConfigException("options: " + argument + " (expected: --json, --markdown or an area: "
                        + String.join(", ", options.areas()) + ")");
            }
        }
        surroundings.out().println(text(form, options, area).stripTrailing());
        return 0;
    }

    private static String text(String form, OptionRegistry options, String area) {
        return switch (form) {
            case "--json" -> OptionsPage.json(options, area);
            case "--markdown" -> OptionsPage.markdown(options, area);
            default -> OptionsPage.text(options, area);
        };
    }
}
