package io.juwsgi.cli.plugin;

import io.juwsgi.cli.log.LogTypes;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Settings;
import io.juwsgi.config.typed.RecordOptions;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.Standing;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.route.RouteAction;
import io.juwsgi.spi.route.RouteCondition;
import io.juwsgi.spi.route.RouteVariable;
import io.juwsgi.spi.route.RouteWord;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The plugins that were found, and what each of them offers. Filled at start, on the main thread. */
public final class PluginRegistry implements AutoCloseable {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /**
     * A plugin as {@code juwsgi plugins} lists it.
     *
     * @param name its id
     * @param origin the module or jar that it came from
     * @param version its version, {@code unknown} when its manifest has none
     * @param spi the version of the SPI that it is made for
     * @param standing how finished it is, and whose requests it is made for
     * @param offers what it registered
     */
    public record Found(
            String name, String origin, String version, String spi, Standing standing, List<Offer> offers) {}

    /**
     * One thing that a plugin registered.
     *
     * @param kind such as {@code filter} or {@code language}
     * @param id its id among the things of its kind
     * @param detail what else there is to say, such as {@code modifier1 0, 30}; may be empty
     */
    public record Offer(String kind, String id, String detail) {

        @Override
        public String toString() {
            return kind + (id.isEmpty() ? "" : " " + id) + (detail.isEmpty() ? "" : " (" + detail + ")");
        }
    }

    private final OptionRegistry options;
    private final Map<String, Found> plugins = new TreeMap<>();
    private final Map<Integer, ApplicationLanguage> languages = new TreeMap<>();
    private final List<HandlerLanguage> handlerLanguages = new ArrayList<>();
    private final Map<Integer, String> languageOwners = new TreeMap<>();
    private final Map<String, Registered<?, ?>> extensions = new TreeMap<>();
    private final Map<String, LogType<Logger>> loggers = new TreeMap<>();
    private final Map<String, LogType<LogEncoder>> logEncoders = new TreeMap<>();
    private final RegisteredWords words = new RegisteredWords();

    /** Where an extension goes when it is active. */
    public sealed interface Kind {
        /** Into the filter chain. */
        record InChain(Phase phase) implements Kind {}

        /** At a mount point, on virtual threads. */
        record Blocking() implements Kind {}

        /** At a mount point, on event loops. */
        record Async() implements Kind {}

        /** For listeners that speak TLS. */
        record Tls() implements Kind {}
        /** Picked by modifier1, on virtual threads. */
        record Language(Set<Integer> modifiers) implements Kind {}

        /** For upstreams that name it; its id and its options begin with the prefix. */
        record ForUpstreams(String prefix) implements Kind {}

        /** Called by its name on the command line. */
        record SubCommand() implements Kind {}
    }

    /**
     * An extension that was registered, whether it is active or not.
     *
     * @param plugin the id of the plugin that it belongs to
     * @param options its settings
     */
    public record Registered<S extends Record, T extends LifeCycle>(
            String plugin, Kind kind, Extension<S, T> extension, RecordOptions<S> options) {

        /** Returns the id that is unique among all extensions: the beginning of its options' names. */
        public String id() {
            return PluginRegistry.id(kind, extension);
        }
    }

    private static String id(Kind kind, Extension<?, ?> extension) {
        return kind instanceof Kind.ForUpstreams(String prefix) ? prefix + extension.id() : extension.id();
    }

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
        Registration registration = new Registration(name);
        plugin.register(registration);
        registration.offers.addAll(words.counted(name));
        plugins.put(
                name,
                new Found(
                        name,
                        loaded.origin(),
                        loaded.version(),
                        PluginJar.SPI_VERSION,
                        standing(loaded),
                        List.copyOf(registration.offers)));
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
        languages.clear();
        handlerLanguages.clear();
        languageOwners.clear();
        extensions.clear();
        loggers.clear();
        logEncoders.clear();
        words.clear();
        loader.close();
    }

    /** Returns all plugins, ordered by name. */
    public Collection<Found> plugins() {
        return Collections.unmodifiableCollection(plugins.values());
    }

    /** Returns the languages by their values of modifier1. */
    public Map<Integer, ApplicationLanguage> languages() {
        return Collections.unmodifiableMap(languages);
    }

    /** Returns the kinds of loggers and log encoders. */
    public LogTypes logTypes() {
        return new LogTypes(loggers, logEncoders);
    }

    /** Returns the languages that need no workers. */
    public List<HandlerLanguage> handlerLanguages() {
        return Collections.unmodifiableList(handlerLanguages);
    }

    /** Returns all extensions that have settings, ordered by id. */
    public Collection<Registered<?, ?>> extensions() {
        return Collections.unmodifiableCollection(extensions.values());
    }

    /** Returns the words of internal routing. */
    public RouteWords routeWords() {
        return words;
    }

    /** Takes what one plugin offers. */
    private final class Registration implements Extensions {
        private final String plugin;
        private final List<Offer> offers = new ArrayList<>();

        Registration(String plugin) {
            this.plugin = plugin;
        }

        @Override
        public void filter(Phase phase, Extension<?, ? extends Filter> filter) {
            add("filter", phase.name().toLowerCase(Locale.ROOT), new Kind.InChain(phase), filter);
        }

        @Override
        public <S extends Record & Mounted> void handler(Extension<S, ? extends BlockingHandler> handler) {
            add("handler", "", new Kind.Blocking(), handler);
        }

        @Override
        public <S extends Record & Mounted> void asyncHandler(Extension<S, ? extends Handler> handler) {
            add("handler", "asynchronous", new Kind.Async(), handler);
        }

        @Override
        public void command(Extension<?, ? extends Command> command) {
            add("command", "", new Kind.SubCommand(), command);
        }

        @Override
        public void tls(Extension<?, ? extends TlsProvider> provider) {
            add("TLS provider", "", new Kind.Tls(), provider);
        }

        @Override
        public void balancer(Extension<?, ? extends BalancerFactory> balancer) {
            add("balancer", "", new Kind.ForUpstreams("balance-"), balancer);
        }

        @Override
        public void healthCheck(Extension<?, ? extends HealthCheck> check) {
            add("health check", "", new Kind.ForUpstreams("check-"), check);
        }

        @Override
        public void discovery(Extension<?, ? extends Discovery> discovery) {
            add("discovery", "", new Kind.ForUpstreams("discover-"), discovery);
        }

        private <S extends Record, T extends LifeCycle> void add(
                String word, String detail, Kind kind, Extension<S, T> extension) {
            String id = id(kind, extension);
            Registered<?, ?> taken = extensions.get(id);
            if (taken != null) {
                throw new IllegalArgumentException("plugin " + plugin + ": " + word + " " + extension.id()
                        + " is there already, from plugin " + taken.plugin());
            }
            RecordOptions<S> settings =
                    RecordOptions.of(id, extension.settings()).triggeredBy(extension.triggers());
            boolean named = kind instanceof Kind.ForUpstreams;
            options.add("plugin " + plugin, named ? settings.componentOptions() : settings.options());
            extensions.put(id, new Registered<>(plugin, kind, extension, settings));
            offers.add(new Offer(word, extension.id(), detail));
        }

        @Override
        public void options(Collection<Option<?>> added) {
            options.add("plugin " + plugin, added);
            offers.add(new Offer("options", "", String.valueOf(added.size())));
        }

        @Override
        public void logger(LogType<Logger> type) {
            add("logger", loggers, type);
        }

        @Override
        public void logEncoder(LogType<LogEncoder> type) {
            add("log encoder", logEncoders, type);
        }

        private <T> void add(String word, Map<String, LogType<T>> types, LogType<T> type) {
            if (types.putIfAbsent(type.id(), type) != null) {
                throw new IllegalArgumentException(
                        "plugin " + plugin + ": " + word + " " + type.id() + " is there already (expected: a free id)");
            }
            offers.add(new Offer(word, type.id(), type.usage()));
        }

        @Override
        public void routeAction(RouteWord<RouteAction> action) {
            words.action(plugin, action);
        }

        @Override
        public void routeCondition(RouteWord<RouteCondition> condition) {
            words.condition(plugin, condition);
        }

        @Override
        public void routeVariable(RouteWord<RouteVariable> variable) {
            words.variable(plugin, variable);
        }

        @Override
        public RouteWords routeWords() {
            return words;
        }

        @Override
        public void language(ApplicationLanguage language) {
            claim(language.name(), language.modifiers());
            language.modifiers().forEach(modifier -> languages.put(modifier, language));
        }

        @Override
        public void language(HandlerLanguage language) {
            claim(language.name(), language.modifiers());
            handlerLanguages.add(language);
        }

        private void claim(String name, Set<Integer> modifiers) {
            for (int modifier : modifiers) {
                String owner = languageOwners.putIfAbsent(modifier, plugin);
                if (owner != null) {
                    throw new IllegalArgumentException("plugin " + plugin + ": modifier1 " + modifier
                            + " is taken by plugin " + owner + " (expected: a free one)");
                }
            }
            offers.add(new Offer("language", name, "modifier1 " + joined(new TreeSet<>(modifiers))));
        }

        private String joined(Collection<Integer> modifiers) {
            return String.join(", ", modifiers.stream().map(String::valueOf).toList());
        }
    }
}
