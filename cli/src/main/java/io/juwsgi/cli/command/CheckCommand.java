package io.juwsgi.cli.command;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Findings;
import java.util.List;

/**
 * {@code juwsgi check FILE...} tells everything that is wrong with each of the files; {@code -t} in front of other arguments, or behind
 * them, with what they all make together. The exit code is 1 when a server would not start.
 */
final class CheckCommand implements ConfigCommands.Command {
    /** Elsewhere uWSGI's short form of harakiri, which always has a number behind it. */
    private static final String TEST = "-t";

    @Override
    public int run(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        if (arguments.isEmpty()) {
            throw new ConfigException("check needs files: check FILE...");
        }
        if (arguments.stream().anyMatch(argument -> argument.startsWith("-") && argument.length() > 1)) {
            return check(arguments, String.join(" ", arguments), surroundings);
        }
        int worst = 0;
        for (String file : arguments) {
            worst = Math.max(worst, check(List.of(file), file, surroundings));
        }
        return worst;
    }

    /** Returns whether the arguments ask for a test of the configuration that the others make. */
    static boolean isTest(List<String> arguments) {
        return arguments.getLast().equals(TEST) || isFirst(arguments);
    }

    private static boolean isFirst(List<String> arguments) {
        return arguments.getFirst().equals(TEST)
                && arguments.size() > 1
                && !Character.isDigit(arguments.get(1).codePointAt(0));
    }

    static int test(List<String> arguments, ConfigCommands.Surroundings surroundings) {
        int size = arguments.size();
        List<String> others = isFirst(arguments) ? arguments.subList(1, size) : arguments.subList(0, size - 1);
        return check(others, others.isEmpty() ? "environment" : String.join(" ", others), surroundings);
    }

    private static int check(List<String> arguments, String shown, ConfigCommands.Surroundings surroundings) {
        Findings found = surroundings.reader().check(arguments, surroundings.parts());
        found.errors().forEach(line -> surroundings.out().println("error: " + line));
        found.warnings().forEach(line -> surroundings.out().println("warning: " + line));
        found.notices().forEach(line -> surroundings.out().println("notice: " + line));
        surroundings.out().println(shown + ": " + summary(found));
        return found.errors().isEmpty() ? 0 : 1;
    }

    private static String summary(Findings found) {
        String warnings = counted(found.warnings().size(), "warning");
        return found.errors().isEmpty()
                ? "ok, " + warnings
                : "wrong, " + counted(found.errors().size(), "error") + ", " + warnings;
    }

    private static String counted(int number, String noun) {
        return number == 1 ? "1 " + noun : number + " " + noun + "s";
    }
}
