package io.juwsgi.cli.command;

import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/** The commands about options and configurations, by name; each prints and gives the exit code. */
public final class ConfigCommands {
    private static final Map<String, Command> COMMANDS = Map.of(
            "options", new OptionsCommand(),
            "show-config", new ShowConfigCommand(),
            "check", new CheckCommand(),
            "convert", new ConvertCommand(),
            "completion", new CompletionCommand(),
            "man", new ManCommand());

    private ConfigCommands() {}

    /** A command of the program. */
    interface Command {
        /** Does what the arguments ask for and returns the exit code. */
        int run(List<String> arguments, Surroundings surroundings);
    }

    /**
     * What a command works in.
     *
     * @param version the version of the program
     * @param options every option
     * @param reader reads configurations; it has read those of the command ahead, to know all options
     * @param parts returns a line for each setting that a part of the program, plugins among them, cannot use
     * @param out takes what the command prints
     */
    public record Surroundings(
            String version,
            OptionRegistry options,
            ConfigReader reader,
            Function<Settings, List<String>> parts,
            PrintStream out) {}

    /** Returns the first lines of the help: how a server is started and which commands there are. */
    public static String usage(String name) {
        return """
            Usage: %1$s [OPTION]... [FILE.ini|FILE.py|MODULE:CALLABLE]...
                   %1$s -t [OPTION]... [FILE.ini]...
                   %1$s COMMAND [ARGUMENT]...

            Commands: %2$s

            """.formatted(name, String.join(", ", names()));
    }

    /** Returns the names of all commands, that of the one about plugins too. */
    static List<String> names() {
        TreeSet<String> names = new TreeSet<>(COMMANDS.keySet());
        names.add("plugins");
        names.add("routes");
        return List.copyOf(names);
    }

    /** Returns whether the arguments ask for one of these commands. */
    public static boolean asked(List<String> arguments) {
        return !arguments.isEmpty() && (COMMANDS.containsKey(arguments.getFirst()) || CheckCommand.isTest(arguments));
    }

    /**
     * Runs the command that the arguments ask for.
     *
     * @return the exit code
     * @throws io.juwsgi.config.ConfigException when the arguments are wrong
     */
    public static int run(List<String> arguments, Surroundings surroundings) {
        Command command = COMMANDS.get(arguments.getFirst());
        int exitCode = command == null
                ? CheckCommand.test(arguments, surroundings)
                : command.run(arguments.subList(1, arguments.size()), surroundings);
        surroundings.out().flush();
        return exitCode;
    }
}
