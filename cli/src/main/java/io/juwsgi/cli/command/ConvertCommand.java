package io.juwsgi.cli.command;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Configuration;
import io.juwsgi.config.ConvertedConfig;
import java.util.ArrayList;
import java.util.List;

/** {@code juwsgi convert FILE [--to hocon|ini]}: a file of any format as one of another, with the same settings. */
final class ConvertCommand implements ConfigCommands.Command {
    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        List<String> files = new ArrayList<>(arguments);
        String to = "hocon";
        int option = files.indexOf("--to");
        if (option >= 0 && option + 1 < files.size()) {
            to = files.remove(option + 1);
            files.remove(option);
        }
        if (files.size() != 1 || files.getFirst().startsWith("--")) {
            throw new ConfigException("convert: " + String.join(" ", arguments) + " (expected: FILE [--to hocon|ini])");
        }
        // Only the file is to be converted.
        Configuration read = surroundings.reader().withoutVariables().read(files);
        surroundings.out().print(text(to, read, surroundings));
        return 0;
    }

    private static String text(String to, Configuration read, ConfigCommands.Surroundings surroundings) {
        return switch (to) {
            case "hocon" -> ConvertedConfig.hocon(read, surroundings.options());
            case "ini" -> ConvertedConfig.ini(read, surroundings.options());
            default -> throw new ConfigException("convert: --to " + to + " (expected: hocon or ini)");
        };
    }
}
