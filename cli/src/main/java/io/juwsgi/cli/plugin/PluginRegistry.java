package io.juwsgi.cli.plugin;

import io.juwsgi.cli.log.LogTypes;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The plugins that were found, and what each of them offers. Filled at start, on the main thread. */
public final class PluginRegistry implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final OptionRegistry options;
    private final Map<String, Found> plugins = new TreeMap<>();
    private final Offered offered = new Offered();

    private final List<String> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private final PluginLoader loader = new PluginLoader(problems);

    private PluginRegistry(OptionRegistry options) {
        this.options = options;
        options.add("plugins", PluginOptions.all());
    }

    /**
     * Finds the plugins that come with the program and lets them register.
     *
     * @param options takes the plugins' options, and those that ask for more plugins
     * @param version the program's version, which is that of its plugins
     * @throws ConfigException when plugins cannot be loaded or contradict each other; all failures are in the message
     */
    public static PluginRegistry bundled(OptionRegistry options, String version) {
        PluginRegistry registry = new PluginRegistry(options);
        for (var plugins = ServiceLoader.load(Plugin.class).iterator(); ; ) {
            try {
                if (!plugins.hasNext()) {
                    break;
                }
                Plugin plugin = plugins.next();
                registry.add(new LoadedPlugin(plugin, origin(plugin), version, null, null));
            } catch (ServiceConfigurationError e) {
                registry.problems.add(String.valueOf(e.getMessage()));
            }
        }
        registry.throwProblems();
        return registry;
    }

    /**
     * Loads the plugins of {@code plugins.d} and those that are asked for, each with a class loader of its own, and lets
     * them register.
     *
     * @param asked the settings of {@link PluginOptions}
     * @param directory what relative names refer to
     * @throws ConfigException when plugins cannot be loaded or contradict each other; all failures are in the message
     */
    public void load(Settings asked, Path directory) {
        PluginSources sources = new PluginSources(directory, problems);
        sources.find(asked);
        for (PluginSource source : sources.found()) {
            loader.load(source).forEach(this::add);
        }
        new PluginNames(plugins.keySet(), sources.found()).check(sources.names(), notices, problems);
        throwProblems();
    }

    private void throwProblems() {
        if (problems.isEmpty()) {
            return;
        }
        String message = "plugins cannot be loaded:\n  " + String.join("\n  ", problems);
        close();
        throw new ConfigException(message);
    }

    /** Lets one plugin register; whatever it throws is a problem of its own. */
    private void add(LoadedPlugin loaded) {
        PluginClassLoader own = loaded.loader();
        try {
            if (own == null) {
                register(loaded);
            } else {
                registerForeign(loaded, own);
            }
        } catch (PluginProblem e) {
            problems.add(String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            problems.add(loaded.origin() + ": register: " + e.getMessage());
        }
    }

    private void registerForeign(LoadedPlugin loaded, PluginClassLoader own) throws PluginProblem {
        try (PluginCode code = new PluginCode(own, loaded.origin() + ": register")) {
            register(loaded);
            code.threads()
                    .forEach(name -> notices.add(loaded.origin() + ": register: the thread " + name
                            + " was started (expected: none before the plugin's parts start)"));
        } catch (RuntimeException | Error e) {
            throw new PluginProblem(loaded.origin(), "register", PluginCode.told(e, own));
        }
    }

    private void register(LoadedPlugin loaded) throws PluginProblem {
        Plugin plugin = loaded.plugin();
        @Nullable String name = plugin.name();
        if (name == null || !ID.matcher(name).matches()) {
            throw new PluginProblem(
                    loaded.origin(),
                    "register",
                    "the id is " + name + " (expected: lower-case letters, digits and dashes)");
        }
        Found taken = plugins.get(name);
        if (taken != null) {
            throw new PluginProblem(
                    loaded.origin(),
                    "register",
                    "the id " + name + " is taken by " + taken.origin() + " (expected: an id of its own)");
        }
        options.add("plugin " + name, List.of());
        Registration registration = new Registration(name, options, offered);
        plugin.register(registration);
        plugins.put(
                name,
                new Found(
                        name,
                        loaded.origin(),
                        loaded.version(),
                        PluginJar.SPI_VERSION,
                        standing(loaded),
                        registration.offers()));
    }

    private static Standing standing(LoadedPlugin loaded) {
        Standing own = loaded.plugin().standing();
        return loaded.jar() == null ? own : loaded.jar().standing(own);
    }

    private static String origin(Plugin plugin) {
        Module module = plugin.getClass().getModule();
        return module.isNamed()
                ? "module " + module.getName()
                : plugin.getClass().getName();
    }

    /** Returns lines for the user that do not keep anything from starting. */
    public List<String> notices() {
        return Collections.unmodifiableList(notices);
    }

    /** Forgets all plugins and closes their class loaders, the last one first. */
    @Override
    public void close() {
        plugins.clear();
        offered.clear();
        loader.close();
    }

    /** Returns all plugins, ordered by name. */
    public Collection<Found> plugins() {
        return Collections.unmodifiableCollection(plugins.values());
    }

    /** Returns the languages by their values of modifier1. */
    public Map<Integer, ApplicationLanguage> languages() {
        return Collections.unmodifiableMap(offered.languages);
    }

    /** Returns the kinds of loggers and log encoders. */
    public LogTypes logTypes() {
        return new LogTypes(offered.loggers, offered.logEncoders);
    }

    /** Returns the languages that need no workers. */
    public List<HandlerLanguage> handlerLanguages() {
        return Collections.unmodifiableList(offered.handlerLanguages);
    }

    /** Returns all extensions that have settings, ordered by id. */
    public Collection<Registered<?, ?>> extensions() {
        return Collections.unmodifiableCollection(offered.extensions.values());
    }

    /** Returns the options of plugins that open listeners. */
    public List<Option<?>> listenerOptions() {
        return FrontChoice.options(extensions());
    }

    /** Returns the words of internal routing. */
    public RouteWords routeWords() {
        return offered.words;
    }
}
