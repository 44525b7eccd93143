package io.juwsgi.testkit;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.worker.ApplicationLanguage;
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
