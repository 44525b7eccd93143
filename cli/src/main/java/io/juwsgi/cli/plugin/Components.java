package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The active extensions of one configuration, through their life: decoded, made, started, closed in the reverse order.
 * Made and started on the main thread; any thread may close them.
 */
final class Components implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Components.class.getName());

    private record Component(Lent lent, Kind kind, Record settings, LifeCycle instance) {
        String id() {
            return lent.id();
        }
    }

    /** A settings record and what is to be made of it. */
    private record Decoded<S extends Record>(Registered<S, ? extends LifeCycle> from, S settings) {
        Component make(Lent lent) {
            return new Component(
                    lent, from.kind(), settings, from.extension().factory().create(settings, lent));
        }
    }

    /** What the server lends to one component. */
    private static final class Lent implements Context {
        private final String id;
        private final System.Logger logger;
        private final Settings settings;
        private final CarriedState carried;
        private final Components components;

        Lent(String id, Components components) {
            this.id = id;
            this.settings = components.settings;
            this.logger = System.getLogger("io.juwsgi.plugin." + id);
            this.carried = components.carried;
            this.components = components;
        }

        @Override
        public String id() {
            return id;
        }

        @Override
        public System.Logger logger() {
            return logger;
        }

        @Override
        public Settings settings() {
            return settings;
        }

        @Override
        public <T> T carried(Class<T> type, Supplier<? extends T> fresh) {
            return carried.take(this, id, type, fresh);
        }

        @Override
        public <T extends LifeCycle> T named(Class<T> kind, String id) {
            return components.named(kind, id);
        }
    }

    private final List<Component> made = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private final Settings settings;
    private final CarriedState carried;
    /** What a component may name. */
    private final List<Registered<?, ?>> nameable;

    private Components(Settings settings, CarriedState carried, Collection<Registered<?, ?>> extensions) {
        this.settings = settings;
        this.carried = carried;
        this.nameable = extensions.stream()
                .filter(e -> e.kind() instanceof Kind.ForCaches)
                .toList();
    }

    /**
     * Decodes, makes and starts what the settings ask for, apart from sub-commands and what belongs to listeners.
     *
     * @param carried what components before these hand over
     * @throws ConfigException when something cannot work; failures of one stage come together, and nothing is left open
     */
    static Components start(
            Collection<Registered<?, ?>> extensions,
            Collection<HandlerLanguage> languages,
            Settings settings,
            CarriedState carried) {
        return make(extensions, languages, settings, carried, inChain(settings)).open();
    }

    /** Does the same, but starts nothing: to look at what there would be. */
    static Components prepare(
            Collection<Registered<?, ?>> extensions, Collection<HandlerLanguage> languages, Settings settings) {
        return make(extensions, languages, settings, new CarriedState(), inChain(settings));
    }

    /** Starts what the settings choose to encrypt connections with, or nothing. */
    static Components tls(Collection<Registered<?, ?>> extensions, Settings settings, CarriedState carried) {
        Optional<Registered<?, ?>> chosen = TlsChoice.of(extensions, settings);
        return make(
                        extensions,
                        List.of(),
                        settings,
                        carried,
                        e -> chosen.filter(e::equals).isPresent())
                .open();
    }

    /** Starts the protocol fronts that listeners need. */
    static Components fronts(Collection<Registered<?, ?>> extensions, Settings settings, CarriedState carried) {
        Set<String> wanted = FrontChoice.of(extensions, settings);
        return make(
                        extensions,
                        List.of(),
                        settings,
                        carried,
                        e -> e.kind() instanceof Kind.Front && wanted.contains(e.id()))
                .open();
    }

    /** Starts the extensions with these ids, which upstreams name. */
    static Components named(Collection<Registered<?, ?>> extensions, Settings settings, Set<String> ids) {
        return make(
                        extensions,
                        List.of(),
                        settings,
                        new CarriedState(),
                        e -> e.kind() instanceof Kind.ForUpstreams && ids.contains(e.id()))
                .open();
    }

    /** Returns what was made, by id. */
    Map<String, LifeCycle> instances() {
        Map<String, LifeCycle> all = new HashMap<>();
        made.forEach(component -> all.put(component.id(), component.instance()));
        return all;
    }

    /** Starts the sub-command called {@code id}, whether its flag is on or not. */
    static Components command(Registered<?, ?> command, Settings settings) {
        return make(List.of(command), List.of(), settings, new CarriedState(), e -> true)
                .open();
    }

    private static Predicate<Registered<?, ?>> inChain(Settings settings) {
        return e -> switch (e.kind()) {
            case Kind.SubCommand _, Kind.Tls _, Kind.Front _, Kind.Language _, Kind.ForUpstreams _, Kind.ForCaches _ ->
                false;
            case Kind.InChain _, Kind.Blocking _, Kind.Async _, Kind.Service _ ->
                e.options().active(settings);
        };
    }

    private static Components make(
            Collection<Registered<?, ?>> extensions,
            Collection<HandlerLanguage> languages,
            Settings settings,
            CarriedState carried,
            Predicate<Registered<?, ?>> wanted) {
        List<String> failures = new ArrayList<>();
        List<Decoded<?>> decoded = new ArrayList<>();
        extensions.stream()
                .filter(wanted)
                .forEach(e -> decode(e, settings, failures).ifPresent(decoded::add));
        complain(failures);
        Components components = new Components(settings, carried, extensions);
        decoded.forEach(one -> components.make(one, failures));
        languages.forEach(language -> components.make(language, failures));
        try {
            complain(failures);
            return components;
        } catch (ConfigException e) {
            components.close();
            throw e;
        }
    }

    /** Starts all of them; when one cannot, none is left open. */
    private Components open() {
        try {
            made.forEach(Components::open);
            return this;
        } catch (ConfigException e) {
            close();
            throw e;
        }
    }

    private static void complain(List<String> failures) {
        if (!failures.isEmpty()) {
            throw new ConfigException(String.join("\n", failures));
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
        Lent lent = new Lent(decoded.from().id(), this);
        try {
            made.add(decoded.make(lent));
            return;
        } catch (ConfigException e) {
            failures.add(decoded.from().id() + ": " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "plugin=" + decoded.from().plugin() + " failed: " + e, e);
            failures.add(decoded.from().id() + " of plugin " + decoded.from().plugin() + " cannot be made: " + e);
        }
        carried.release(lent);
    }

    /** Makes what a component names at its first mention: before that component, so that it is started before it. */
    private <T extends LifeCycle> T named(Class<T> kind, String id) {
        Optional<T> there = made.stream()
                .filter(c -> c.kind() instanceof Kind.ForCaches && c.id().equals(id))
                .map(Component::instance)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
        if (there.isPresent()) {
            return there.get();
        }
        Registered<?, ?> found = nameable.stream()
                .filter(e -> e.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ConfigException(kind.getSimpleName() + " " + id + " is not there (expected: "
                        + String.join(
                                ", ", nameable.stream().map(Registered::id).toList()) + ")"));
        List<String> failures = new ArrayList<>();
        Optional<Decoded<?>> decoded = decode(found, settings, failures).map(d -> d);
        decoded.ifPresent(d -> make(d, failures));
        complain(failures);
        return kind.cast(made.getLast().instance());
    }

    private void make(HandlerLanguage language, List<String> failures) {
        String id = language.name();
        Lent lent = new Lent(id, this);
        Kind.Language kind = new Kind.Language(language.modifiers());
        try {
            language.handler(settings, lent).ifPresent(made -> this.made.add(new Component(lent, kind, kind, made)));
            return;
        } catch (ConfigException e) {
            failures.add(String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "language=" + id + " failed: " + e, e);
            failures.add("language " + id + " cannot be made: " + e);
        }
        carried.release(lent);
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
        List<ChainPlan.LanguagePart> languages = new ArrayList<>();
        for (Component c : made) {
            switch (c.kind()) {
                case Kind.InChain(var phase) ->
                    filters.add(new ChainPlan.FilterPart(c.id(), phase, (Filter) c.instance()));
                case Kind.Blocking() ->
                    mounts.add(mount(c, new ChainPlan.Application.Blocking((BlockingHandler) c.instance())));
                case Kind.Async() -> mounts.add(mount(c, new ChainPlan.Application.Async((Handler) c.instance())));
                case Kind.Language(var modifiers) ->
                    languages.add(new ChainPlan.LanguagePart(c.id(), modifiers, (BlockingHandler) c.instance()));
                case Kind.SubCommand _,
                        Kind.Tls _,
                        Kind.Front _,
                        Kind.ForUpstreams _,
                        Kind.ForCaches _,
                        Kind.Service _ -> {}
            }
        }
        return new ChainPlan(filters, mounts, languages, this::close);
    }

    /** Returns what encrypts connections; empty when no listener speaks TLS. */
    Optional<TlsProvider> tls() {
        return made.stream()
                .filter(c -> c.kind() instanceof Kind.Tls)
                .map(c -> (TlsProvider) c.instance())
                .findFirst();
    }

    /** Returns the components that are of a type beside their own, such as {@code Controllable}. */
    <T> List<T> offering(Class<T> type) {
        return made.stream()
                .map(Component::instance)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /** Returns the same with their ids. */
    <T> List<Offering<T>> offerings(Class<T> type) {
        return made.stream()
                .filter(component -> type.isInstance(component.instance()))
                .map(component -> new Offering<>(component.id(), type.cast(component.instance())))
                .toList();
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
            carried.release(component.lent());
        }
    }
}
