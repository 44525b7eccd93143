package io.juwsgi.config;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the environment, the command line and every file they name into one {@link Configuration}. Used on the main thread.
 *
 * <p>In order of appearance: variables {@code UWSGI_*} and {@code JUWSGI_*}, the options of the command line (a file is read where
 * it is named), then its positional arguments. For an option with one value the last one counts.
 */
public final class ConfigReader {
    private static final Pattern POSITION = Pattern.compile("[^ ]+:[0-9]+: ");
    private static final List<String> PREFIXES = List.of("UWSGI_", "JUWSGI_");

    private final OptionRegistry registry;
    private final ReadAhead ahead;
    private Surroundings surroundings;

    /**
     * Makes a reader that takes {@code -} for the standard input of the process.
     *
     * @param registry every option that may occur
     * @param directory the working directory, which relative names of files refer to
     * @param environment the environment variables
     */
    public ConfigReader(OptionRegistry registry, Path directory, Map<String, String> environment) {
        this(registry, directory, environment, System.in);
    }

    /** Makes a reader with a standard input of its own. */
    ConfigReader(OptionRegistry registry, Path directory, Map<String, String> environment, InputStream standardInput) {
        this(registry, new Surroundings(directory, environment, standardInput, Patience.USUAL, false));
    }

    ConfigReader(OptionRegistry registry, Surroundings surroundings) {
        this(registry, surroundings, new ReadAhead());
    }

    private ConfigReader(OptionRegistry registry, Surroundings surroundings, ReadAhead ahead) {
        this.registry = registry;
        this.surroundings = surroundings;
        this.ahead = ahead;
    }

    /** Returns a reader of files alone: variables are replaced in them, but none is an option. It knows what this one has read ahead. */
    public ConfigReader withoutVariables() {
        Map<String, String> others = new HashMap<>(surroundings.environment());
        others.keySet().removeIf(name -> PREFIXES.stream().anyMatch(name::startsWith));
        Surroundings bare = new Surroundings(
                surroundings.directory(), others, surroundings.standardInput(), surroundings.patience(), false);
        return new ConfigReader(registry, bare, ahead);
    }

    /**
     * Reads everything.
     *
     * @param argv the arguments, without the program and its sub-command
     * @throws ConfigException when something is wrong; the message is for the user, a line for each mistake
     */
    public Configuration read(List<String> argv) {
        Configuration.Request request = CommandLine.requested(registry, argv);
        if (request != Configuration.Request.RUN) {
            return new Configuration(request, new Settings(List.of()), List.of(), List.of(), List.of());
        }
        Collector collector = collector();
        Configuration configuration = collect(collector, argv);
        List<String> errors = collector.problems().lines();
        return errors.isEmpty() ? configuration : fallback(collector, errors);
    }

    /**
     * Reads everything as it is now, for a reload; standard input and descriptors say what they said before.
     *
     * @param argv the arguments of {@link #read}
     * @throws ConfigException when something is wrong
     */
    public Configuration readAgain(List<String> argv) {
        ahead.again();
        surroundings = surroundings.forReload();
        return read(argv);
    }

    /**
     * Reads everything and returns what there is to say about it, instead of failing.
     *
     * @param argv the arguments, without the program and its sub-command
     */
    public Findings check(List<String> argv) {
        return check(argv, settings -> List.of());
    }

    /**
     * Does the same, and asks others what they find wrong.
     *
     * @param others returns a line for each value that they cannot use
     */
    public Findings check(List<String> argv, Function<Settings, List<String>> others) {
        Collector collector = collector();
        Configuration configuration = collect(collector, argv);
        List<String> errors = new ArrayList<>(collector.problems().lines());
        others.apply(configuration.settings()).stream()
                .filter(line -> errors.stream().noneMatch(told -> isAboutTheSame(told, line)))
                .forEach(errors::add);
        return new Findings(errors, configuration.warnings(), configuration.notices());
    }

    /**
     * Returns the text that a name stands for: a file, or one of the schemes that values may refer to.
     *
     * @throws ConfigException when it cannot be read
     */
    public String textOf(String name) {
        return new Schemes(surroundings, ahead).read(name, Origin.COMMAND_LINE);
    }

    private Configuration collect(Collector collector, List<String> argv) {
        Problems problems = collector.problems();
        try {
            problems.gather(() -> variables(collector));
            problems.gather(() -> {
                new CommandLine(registry, collector::add).read(argv);
            });
            problems.gather(collector::finish);
            return resolve(collector);
        } catch (ConfigException e) {
            // There are too many to go on.
            problems.add(List.of(String.valueOf(e.getMessage())));
            Settings none = new Settings(List.of());
            return new Configuration(Configuration.Request.RUN, none, List.of(), collector.warnings(), List.of());
        }
    }

    /**
     * Reads everything for the sake of a few options, before all options are known: those that decide which options there are.
     * Whatever is unknown or wrong is passed over; {@link #read} will tell of it.
     *
     * @param argv the arguments, without the program and its sub-command
     * @param wanted the options to look for
     * @return the settings of these options
     */
    public Settings preview(List<String> argv, Collection<Option<?>> wanted) {
        ahead.keep(true);
        Collector collector = collector();
        try {
            variables(collector);
            new CommandLine(registry, collector::add).preview(argv);
            collector.finish();
            return new Settings(settings(collector, wanted));
        } catch (ConfigException e) {
            return new Settings(settings(collector, wanted));
        } finally {
            ahead.keep(false);
        }
    }

    private List<Setting> settings(Collector collector, Collection<Option<?>> wanted) {
        Set<String> names = new HashSet<>();
        wanted.forEach(option -> {
            names.add(option.name());
            names.addAll(option.aliases());
        });
        List<Setting> settings = new ArrayList<>();
        if (collector.assignments().stream().anyMatch(a -> names.contains(a.key()))) {
            for (Assignment a : collector.expansion().expand(collector.assignments())) {
                registry.find(a.key())
                        .filter(wanted::contains)
                        .ifPresent(option -> settings.add(new Setting(option, a.value(), a.origin())));
            }
        }
        return settings;
    }

    private Collector collector() {
        return new Collector(registry, surroundings, ahead);
    }

    /** Reads the configuration that {@code fallback-config} names instead of the one that is wrong. */
    private Configuration fallback(Collector failed, List<String> errors) {
        Assignment named = failed.assignments().reversed().stream()
                .filter(a -> registry.find(a.key()).orElse(null) == ConfigOptions.FALLBACK)
                .findFirst()
                .orElseThrow(() -> new ConfigException(String.join("\n", errors)));
        Collector collector = collector();
        collector.warnings().addAll(errors);
        collector.warnings().add(named.origin() + ": " + named.value() + " is read instead, as fallback-config says");
        collector.add(new Assignment(ConfigOptions.CONFIG.name(), named.value(), named.origin()));
        collector.finish();
        Configuration configuration = resolve(collector);
        List<String> wrong = collector.problems().lines();
        if (!wrong.isEmpty()) {
            throw new ConfigException(String.join("\n", wrong));
        }
        return configuration;
    }

    /** Any variable with the prefix is an assignment; foreign ones merely share it and must do no harm. */
    private void variables(Collector collector) {
        new TreeMap<>(surroundings.environment()).forEach((name, value) -> {
            for (String prefix : PREFIXES) {
                if (name.startsWith(prefix) && name.length() > prefix.length()) {
                    String key = name.substring(prefix.length())
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-');
                    if (!isCommand(key)) {
                        collector.add(new Assignment(key, value, Origin.environment(name)));
                    }
                }
            }
        });
    }

    /** Images define UWSGI_VERSION for themselves: nobody asks for help or the version with a variable. */
    private boolean isCommand(String key) {
        Option<?> option = registry.find(key).orElse(null);
        return option == ConfigOptions.HELP || option == ConfigOptions.VERSION;
    }

    private Configuration resolve(Collector collector) {
        Problems problems = collector.problems();
        Expansion expansion = collector.expansion();
        List<Assignment> assignments =
                problems.gather(() -> expansion.expand(collector.assignments()), collector.assignments());
        Set<String> placeholders = new HashSet<>(collector.declared());
        placeholders.addAll(expansion.used());
        DeclaredOptions declared = problems.gather(
                () -> DeclaredOptions.of(registry, collector.assignments(), assignments), DeclaredOptions.NONE);
        Resolution resolution = new Resolution(registry, placeholders, declared, problems);
        Settings settings = resolution.resolve(assignments);
        List<String> warnings = new ArrayList<>(collector.warnings());
        if (settings.get(ConfigOptions.STRICT)) {
            problems.add(resolution.unknown());
        } else {
            warnings.addAll(resolution.unknown());
        }
        warnings.addAll(resolution.warnings());
        warnings.addAll(Surprises.in(settings));
        List<String> notices = new ArrayList<>(resolution.notices());
        Surprises.unsupervised(settings).ifPresent(notices::add);
        return new Configuration(Configuration.Request.RUN, settings, assignments, warnings, notices);
    }

    /** A wrong value is told of once, by whoever looks first. */
    private static boolean isAboutTheSame(String told, String line) {
        Matcher position = POSITION.matcher(line);
        return told.equals(line) || (position.lookingAt() && told.startsWith(position.group()));
    }

    /** Returns what trials find, a line with its position for each mistake. */
    public static List<String> refused(Settings settings, List<Consumer<Settings>> trials) {
        List<String> lines = new ArrayList<>();
        for (Consumer<Settings> trial : trials) {
            try {
                trial.accept(settings);
            } catch (ConfigException e) {
                lines.addAll(Positioned.lines(String.valueOf(e.getMessage()), settings));
            }
        }
        return lines;
    }

    /** Returns the configuration to start with when a server cannot start with these settings. */
    public static Optional<String> fallback(Settings settings) {
        return settings.get(ConfigOptions.FALLBACK);
    }
}
