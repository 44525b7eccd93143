package io.juwsgi.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads the command line as getopt_long does for uWSGI: short options bundled or with their value glued on, long ones in full or
 * shortened, and positional arguments after everything else, wherever they stand. Used on the main thread.
 */
final class CommandLine {
    private static final Pattern MODULE =
            Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.]*:[\\p{L}_][\\p{L}\\p{N}_.]*(\\(.*\\))?");
    private static final int LISTED = 12;

    private final OptionRegistry registry;
    private final Consumer<Assignment> sink;
    private final List<String> positional = new ArrayList<>();
    private List<String> argv = List.of();
    private int next;
    private Configuration.Request request = Configuration.Request.RUN;
    private boolean previewing;

    CommandLine(OptionRegistry registry, Consumer<Assignment> sink) {
        this.registry = registry;
        this.sink = sink;
    }

    /** Returns what a command line asks for, before any file is read: help must not need a right configuration. */
    static Configuration.Request requested(OptionRegistry registry, List<String> arguments) {
        return new CommandLine(registry, ignored -> {}).read(arguments);
    }

    /** Hands every option to the sink and returns what is asked for; help and version end the reading. */
    Configuration.Request read(List<String> arguments) {
        argv = arguments;
        next = 0;
        while (next < argv.size() && request == Configuration.Request.RUN) {
            String argument = argv.get(next++);
            if (argument.equals("--")) {
                positional.addAll(argv.subList(next, argv.size()));
                next = argv.size();
            } else {
                one(argument);
            }
        }
        if (request == Configuration.Request.RUN) {
            positional.forEach(this::positionalArgument);
        }
        return request;
    }

    /**
     * Hands on what can be understood while not all options are known. What follows an unknown option may be its value or stand for
     * itself: it is taken for the latter, which reads a file too many at worst.
     */
    void preview(List<String> arguments) {
        argv = arguments;
        next = 0;
        previewing = true;
        while (next < argv.size()) {
            String argument = argv.get(next++);
            if (argument.equals("--")) {
                positional.addAll(argv.subList(next, argv.size()));
                next = argv.size();
            } else {
                passingOver(() -> one(argument));
            }
        }
        positional.forEach(argument -> passingOver(() -> positionalArgument(argument)));
    }

    private static void passingOver(Runnable step) {
        try {
            step.run();
        } catch (ConfigException e) {
            // The reading that follows says so.
        }
    }

    private void one(String argument) {
        if (argument.startsWith("--")) {
            longOption(argument.substring(2));
        } else if (argument.startsWith("-") && argument.length() > 1) {
            letters(argument);
        } else {
            positional.add(argument);
        }
    }

    private void longOption(String text) {
        int equals = text.indexOf('=');
        String written = equals < 0 ? text : text.substring(0, equals);
        OptionRegistry.Named named = lookUp(written);
        Option<?> option = named.option();
        if (equals >= 0) {
            if (option.argument() == Option.Argument.NONE) {
                throw wrong("option --" + named.name() + " takes no value, found: " + text.substring(equals + 1)
                        + " (in a file: " + named.name() + " = " + text.substring(equals + 1) + ")");
            }
            give(named, text.substring(equals + 1));
        } else if (option.argument() == Option.Argument.REQUIRED) {
            give(named, following("--" + named.name(), option));
        } else {
            give(named, "");
        }
    }

    private OptionRegistry.Named lookUp(String written) {
        var exact = registry.known(written);
        if (exact.isPresent()) {
            return new OptionRegistry.Named(written, exact.get());
        }
        Map<String, Option<?>> candidates = written.isEmpty() ? Map.of() : registry.startingWith(written);
        Set<Option<?>> options = new LinkedHashSet<>(candidates.values());
        if (options.size() == 1) {
            String name = candidates.keySet().iterator().next();
            return new OptionRegistry.Named(name, options.iterator().next());
        }
        throw wrong(options.isEmpty() ? unknown("--" + written, written) : ambiguous(written, candidates));
    }

    private static String ambiguous(String written, Map<String, Option<?>> candidates) {
        String names = String.join(
                ", ",
                candidates.keySet().stream().limit(LISTED).map(n -> "--" + n).toList());
        String more = candidates.size() > LISTED ? " and " + (candidates.size() - LISTED) + " more" : "";
        return "option --" + written + " is ambiguous: it may be " + names + more;
    }

    private String unknown(String shown, String name) {
        return "unknown option " + shown
                + Suggestions.closest(name, registry.names())
                        .map(n -> " (did you mean --" + n + "?)")
                        .orElse(" (--help lists them)");
    }

    private void letters(String argument) {
        String letters = argument.substring(1);
        if (letters.length() > 3 && registry.known(letters.split("=", 2)[0]).isPresent()) {
            throw wrong("option " + argument + " needs two dashes: -" + argument);
        }
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            Option<?> option = registry.known(letter)
                    .orElseThrow(() -> wrong(
                            letters.length() == 1
                                    ? "unknown option -" + letter + " (--help lists them)"
                                    : "unknown option -" + letter + " in " + argument + " (--help lists them)"));
            OptionRegistry.Named named = new OptionRegistry.Named(option.name(), option);
            String rest = letters.substring(i + 1);
            if (option.argument() == Option.Argument.NONE) {
                give(named, "");
                continue;
            }
            boolean takesNext = rest.isEmpty() && option.argument() == Option.Argument.REQUIRED;
            give(named, takesNext ? following("-" + letter, option) : rest);
            return;
        }
    }

    private String following(String shown, Option<?> option) {
        if (next >= argv.size()) {
            throw wrong("option " + shown + " needs a value: " + shown + " " + option.placeholder());
        }
        return argv.get(next++);
    }

    private void give(OptionRegistry.Named named, String value) {
        boolean command = named.option() == ConfigOptions.HELP || named.option() == ConfigOptions.VERSION;
        if (previewing && command) {
            return;
        }
        if (named.option() == ConfigOptions.HELP) {
            request = Configuration.Request.HELP;
        } else if (named.option() == ConfigOptions.VERSION) {
            request = Configuration.Request.VERSION;
        } else if (request == Configuration.Request.RUN) {
            sink.accept(new Assignment(named.name(), value, Origin.COMMAND_LINE));
        }
    }

    private void positionalArgument(String argument) {
        String file = SourceName.withoutSection(argument);
        Option<?> reader = SourceName.readerOf(file);
        reader = reader != null ? reader : SourceName.readerOf(argument);
        reader = reader == null && argument.equals("-") ? ConfigOptions.INI : reader;
        if (reader != null) {
            give(new OptionRegistry.Named(reader.name(), reader), argument);
        } else if (argument.endsWith(".py") || argument.endsWith(".wsgi")) {
            give(positionalOption(argument, "wsgi-file"), argument);
        } else if (MODULE.matcher(argument).matches()) {
            give(positionalOption(argument, "module"), argument);
        } else {
            throw wrong(
                    "unexpected argument " + argument
                            + " (expected: an option, a configuration file, an application as FILE.py or PACKAGE.MODULE:CALLABLE)");
        }
    }

    private OptionRegistry.Named positionalOption(String argument, String name) {
        return registry.find(name)
                .map(option -> new OptionRegistry.Named(name, option))
                .orElseThrow(() -> wrong("nothing here can load " + argument + ": there is no option --" + name
                        + " (is a plugin missing?)"));
    }

    private static ConfigException wrong(String message) {
        return new ConfigException(message);
    }
}
