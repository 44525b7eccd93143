package io.juwsgi.testkit;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.log.LogEncoder;
import io.juwsgi.spi.log.LogType;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.metric.MetricSource;
import io.juwsgi.spi.route.RouteWords;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.HandlerLanguage;
import io.juwsgi.spi.worker.WorkerFunction;
import io.juwsgi.spi.worker.WorkerFunctions;
import io.juwsgi.testkit.Registration.Kind;
import io.juwsgi.testkit.Registration.Part;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plugin as the server has it: registered, configured with options as a user writes them, its active extensions made and
 * started, and closed in the reverse order. Used on the test's thread.
 *
 * <pre>{@code
 * try (PluginUnderTest plugin = PluginUnderTest.of(new StampPlugin()).start("--stamp-text", "here")) { ... }
 * }</pre>
 */
public final class PluginUnderTest implements AutoCloseable {
    private final Plugin plugin;
    private final Registration registration = new Registration();
    private final List<Part> parts = new ArrayList<>();
    private final Map<String, Object> carried = new LinkedHashMap<>();

    private PluginUnderTest(Plugin plugin) {
        this.plugin = plugin;
        registration.registry().add("plugin", List.of());
        plugin.register(registration);
    }

    /**
     * Lets a plugin register.
     *
     * @throws IllegalArgumentException when the server would refuse what it registers
     */
    public static PluginUnderTest of(Plugin plugin) {
        return new PluginUnderTest(plugin);
    }

    /** Returns the plugin's id. */
    public String name() {
        return plugin.name();
    }

    /** Returns the ids of all extensions with settings, in the order in which they were registered. */
    public List<String> ids() {
        return registration.offers().stream().map(o -> o.extension().id()).toList();
    }

    /** Returns all options that the plugin brings. */
    public List<Option<?>> options() {
        return List.copyOf(registration.options());
    }

    /** Returns the languages that the plugin brings. */
    public List<ApplicationLanguage> languages() {
        return List.copyOf(registration.languages());
    }

    /** Returns the languages without workers that the plugin brings. */
    public List<HandlerLanguage> handlerLanguages() {
        return List.copyOf(registration.handlerLanguages());
    }

    /** Returns the kinds of loggers that the plugin brings. */
    public List<LogType<Logger>> loggers() {
        return List.copyOf(registration.loggers());
    }

    /** Returns the log encoders that the plugin brings. */
    public List<LogType<LogEncoder>> logEncoders() {
        return List.copyOf(registration.logEncoders());
    }

    /** Returns the words of routes that the plugin brings. */
    public RouteWords routeWords() {
        return registration.routeWords();
    }

    /**
     * Reads options as the command line of the server.
     *
     * @param arguments such as {@code "--stamp-text", "here"}
     * @throws ConfigException when they are wrong
     */
    public Settings settings(String... arguments) {
        return new ConfigReader(registration.registry(), Path.of(""), Map.of())
                .read(List.of(arguments))
                .settings();
    }

    /**
     * Makes and starts what the options turn on; returns this.
     *
     * @throws ConfigException when settings are wrong; all that is wrong in one message
     */
    public PluginUnderTest start(String... arguments) throws Exception {
        make(arguments);
        try {
            for (Part part : parts) {
                part.instance().start();
            }
            return this;
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /** Makes what the options turn on and does not start it; returns this. */
    public PluginUnderTest make(String... arguments) throws Exception {
        Settings settings = settings(arguments);
        List<String> failures = new ArrayList<>();
        for (Registration.Offer<?> offer : registration.offers()) {
            if (offer.wanted(settings)) {
                Context context = new TestContext(offer.extension().id(), settings, carried, parts);
                offer.make(settings, context, failures).ifPresent(parts::add);
            }
        }
        if (!failures.isEmpty()) {
            close();
            throw new ConfigException(String.join("; ", failures));
        }
        return this;
    }

    /**
     * Runs a sub-command.
     *
     * @return its exit code
     */
    public int run(String id) throws Exception {
        for (Part part : parts) {
            if (part.kind() instanceof Kind.SubCommand && part.id().equals(id)) {
                return ((Command) part.instance()).run();
            }
        }
        throw new AssertionError("no command " + id + " among " + ids());
    }

    /** Returns the ids of the extensions that the options turned on, in the order in which they were started. */
    public List<String> startedIds() {
        return parts.stream().map(Part::id).toList();
    }

    /** Returns the components that are of a type beside their own, such as {@code Controllable}. */
    public <T> List<T> offering(Class<T> type) {
        return parts.stream()
                .map(Part::instance)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /**
     * Returns the component of an extension.
     *
     * @throws AssertionError when the options turned on none with this id and type
     */
    public <T> T component(Class<T> type, String id) {
        return parts.stream()
                .filter(part -> part.id().equals(id) && type.isInstance(part.instance()))
                .map(part -> type.cast(part.instance()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + id + " in " + startedIds()));
    }

    /**
     * Returns what all components tell of themselves.
     *
     * @throws AssertionError when the server would refuse some of it
     */
    public TestMetrics metrics() {
        return TestMetrics.of(offering(MetricSource.class).toArray(MetricSource[]::new));
    }

    /**
     * Does what {@code juwsgi ctl} with these words does.
     *
     * @return the answer
     * @throws AssertionError when no component has the command
     * @throws Exception what the component throws; the operator sees its message
     */
    public Map<String, ?> control(String name, String... arguments) throws Exception {
        for (Controllable component : offering(Controllable.class)) {
            if (component.controlName().equals(name)) {
                return component.control(List.of(arguments));
            }
        }
        throw new AssertionError("no component has the command " + name);
    }

    /**
     * Calls a function of the components as an application does.
     *
     * @param arguments texts in UTF-8
     * @return the answer's values
     * @throws AssertionError when there is no such function, or it does not answer
     * @throws IllegalStateException when it fails the call
     */
    public List<byte[]> call(String function, String... arguments) throws Exception {
        for (WorkerFunctions component : offering(WorkerFunctions.class)) {
            WorkerFunction found = component.workerFunctions().get(function);
            if (found != null) {
                return TestCall.of(found, arguments);
            }
        }
        throw new AssertionError("no component has the function " + function);
    }

    /**
     * Makes and starts everything anew with other options, as a reload does; what the components carried over is still
     * there. Returns this.
     */
    public PluginUnderTest reload(String... arguments) throws Exception {
        List<Part> old = List.copyOf(parts);
        parts.clear();
        start(arguments);
        for (Part part : old.reversed()) {
            part.instance().close();
        }
        return this;
    }

    /**
     * Returns the first component of a kind among those that were made.
     *
     * @throws AssertionError when there is none
     */
    public <T> T component(Class<T> kind) {
        return parts.stream()
                .map(Part::instance)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind.getSimpleName() + " among " + ids()));
    }

    List<Part> parts() {
        return parts;
    }

    /**
     * Closes what was made, the last one first.
     *
     * @throws AssertionError when a part could not be closed; the others are closed in any case
     */
    @Override
    public void close() {
        List<Part> open = List.copyOf(parts);
        parts.clear();
        List<AutoCloseable> closing = new ArrayList<>();
        open.reversed().forEach(part -> closing.add(part.instance()::close));
        for (Object kept : carried.values()) {
            if (kept instanceof AutoCloseable closeable) {
                closing.add(closeable);
            }
        }
        carried.clear();
        AssertionError failed = null;
        for (AutoCloseable one : closing) {
            try {
                one.close();
            } catch (Exception e) {
                failed = failed == null ? new AssertionError("a part cannot be closed", e) : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
