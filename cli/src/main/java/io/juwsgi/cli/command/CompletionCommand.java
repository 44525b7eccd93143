package io.juwsgi.cli.command;

import io.juwsgi.config.Completion;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.OptionRegistry;
import java.util.List;

/** {@code juwsgi completion bash|zsh|fish}: the script that lets a shell complete the command line. */
final class CompletionCommand implements ConfigCommands.Command {
    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        OptionRegistry options = surroundings.options();
        List<String> commands = ConfigCommands.names();
        surroundings
                .out()
                .print(
                        switch (String.join(" ", arguments)) {
                            case "bash" -> Completion.bash(options, commands);
                            case "zsh" -> Completion.zsh(options, commands);
                            case "fish" -> Completion.fish(options, commands);
                            default ->
                                throw new ConfigException("completion: " + String.join(" ", arguments)
                                        + " (expected: bash, zsh or fish)");
                        });
        return 0;
    }
}
