package io.juwsgi.cli.plugin;

import io.juwsgi.cli.plugin.PluginRegistry.Kind;
import io.juwsgi.cli.plugin.PluginRegistry.Registered;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.tls.TlsProvider;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The active extensions of one configuration, through their life: decoded, made, started, closed in the reverse order.
 * Made and started on the main thread; any thread may close them.
 */
final class Components implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Components.class.getName());

    private record Component(String id, Kind kind, Record settings, LifeCycle instance) {}

    /** A settings record and what is to be made of it. */
    private record Decoded<S extends Record>(Registered<S, ? extends LifeCycle> from, S settings) {
        Component make(Components set) {
            String id = from.extension().id();
            Context context = new Lent(id, System.getLogger("io.juwsgi.plugin." + id), set);
            return new Component(
                    id, from.kind(), settings, from.extension().factory().create(settings, context));
        }
    }

    /** What the server lends to one component of a set. */
    private record Lent(String id, System.Logger logger, Components set) implements Context {
        @Override
        public <T> T carried(Class<T> type, Supplier<? extends T> fresh) {
            return set.carried.take(set, id, type, fresh);
        }
    }

    private final List<Component> made = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private final CarriedState carried;

    private Components(CarriedState carried) {
        this.carried = carried;
    }

    /**
     * Decodes, makes and starts what the settings ask for, sub-commands apart.
     *
     * @param carried what components before these hand over
     * @throws ConfigException when something cannot work; failures of one stage come together, and nothing is left open
     */
    static Components start(Collection<Registered<?, ?>> extensions, Settings settings, CarriedState carried) {
        Optional<Registered<?, ?>> tls = TlsChoice.of(extensions, settings);
        return start(extensions, settings, carried, e -> switch (e.kind()) {
            case Kind.SubCommand() -> false;
            case Kind.Tls() -> tls.filter(e::equals).isPresent();
            case Kind.InChain _, Kind.Blocking _, Kind.Async _ -> e.options().active(settings);
        });
    }

    /** Starts the sub-command called {@code id}, whether its flag is on or not. */
    static Components command(Registered<?, ?> command, Settings settings) {
        return start(List.of(command), settings, new CarriedState(), e -> true);
    }

    private static Components start(
            Collection<Registered<?, ?>> extensions,
            Settings settings,
            CarriedState carried,
            Predicate<Registered<?, ?>> wanted) {
        List<String> failures = new ArrayList<>();
        List<Decoded<?>> decoded = new ArrayList<>();
        extensions.stream()
                .filter(wanted)
                .forEach(e -> decode(e, settings, failures).ifPresent(decoded::add));
        complain(failures);
        Components components = new Components(carried);
        decoded.forEach(one -> components.make(one, failures));
        try {
            complain(failures);
            components.made.forEach(Components::open);
            return components;
        } catch (ConfigException e) {
            components.close();
            throw e;
        }
    }

    private static void complain(List<String> failures) {
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("; ", failures));
        }
    }

    private static <S extends Record> Optional<Decoded<S>> decode(
            Registered<S, ? extends LifeCycle> extension, Settings settings, List<String> failures) {
        Optional<S> record = extension.options().decode(settings, failures);
        if (record.isPresent()
                && record.get() instanceof Mounted mounted
                && !mounted.mount().startsWith("/")) {
            failures.add(
                    extension.extension().id() + "-mount: " + mounted.mount() + " (expected: beginning with a slash)");
        }
        return record.map(r -> new Decoded<>(extension, r));
    }

    private void make(Decoded<?> decoded, List<String> failures) {
        try {
            made.add(decoded.make(this));
        } catch (ConfigException e) {
            failures.add(decoded.from().extension().id() + ": " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "plugin=" + decoded.from().plugin() + " failed: " + e, e);
            failures.add(decoded.from().extension().id() + " of plugin "
                    + decoded.from().plugin() + " cannot be made: " + e);
        }
    }

    private static void open(Component component) {
        try {
            component.instance().start();
        } catch (ConfigException e) {
            throw new ConfigException(component.id() + ": " + e.getMessage());
        } catch (Exception | LinkageError e) {
            LOG.log(Level.DEBUG, "start of " + component.id(), e);
            throw new ConfigException(component.id() + " cannot start: " + e.getMessage());
        }
    }

    /** Returns what the router compiles its chain of; these components are closed when that chain has been left. */
    ChainPlan plan() {
        List<ChainPlan.FilterPart> filters = new ArrayList<>();
        List<ChainPlan.MountPart> mounts = new ArrayList<>();
        for (Component c : made) {
            switch (c.kind()) {
                case Kind.InChain(var phase) ->
                    filters.add(new ChainPlan.FilterPart(c.id(), phase, (Filter) c.instance()));
                case Kind.Blocking() ->
                    mounts.add(mount(c, new ChainPlan.Application.Blocking((BlockingHandler) c.instance())));
                case Kind.Async() -> mounts.add(mount(c, new ChainPlan.Application.Async((Handler) c.instance())));
                case Kind.SubCommand(), Kind.Tls() -> {}
            }
        }
        return new ChainPlan(filters, mounts, this::close);
    }

    /** Returns the components that operators may ask things of. */
    public List<Controllable> controllable() {
        return made.stream()
                .map(Component::instance)
                .filter(Controllable.class::isInstance)
                .map(Controllable.class::cast)
                .toList();
    }

    /** Returns what encrypts connections; empty when no listener speaks TLS. */
    Optional<TlsProvider> tls() {
        return made.stream()
                .filter(c -> c.kind() instanceof Kind.Tls)
                .map(c -> (TlsProvider) c.instance())
                .findFirst();
    }

    private static ChainPlan.MountPart mount(Component component, ChainPlan.Application application) {
        return new ChainPlan.MountPart(component.id(), ((Mounted) component.settings()).mount(), application);
    }

    /** Runs the sub-command that this was started for. */
    int run() throws Exception {
        return ((Command) made.getFirst().instance()).run();
    }

    /** Returns whether these components have been closed, or are being closed. */
    boolean isClosed() {
        return closed.get();
    }

    /** Closes everything that was made, in the reverse order, once. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        for (Component component : made.reversed()) {
            try {
                component.instance().close();
            } catch (Exception | LinkageError e) {
                LOG.log(Level.WARNING, "plugin=" + component.id() + " cannot be closed: " + e, e);
            }
        }
        carried.release(this);
    }
}
