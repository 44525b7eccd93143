package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.chain.ChainPlan;
import io.juwsgi.spi.front.ProtocolFront;
import io.juwsgi.spi.tls.TlsProvider;
import io.juwsgi.spi.worker.HandlerLanguage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The active extensions of a running server: one set of components that new requests meet, and older sets that requests from
 * before a reload are still in. Started on the main thread; any thread may reload and close.
 */
public final class ActiveExtensions implements AutoCloseable {
    private final Collection<Registered<?, ?>> extensions;
    private final Collection<HandlerLanguage> languages;
    private final CarriedState carried = new CarriedState();
    /** All sets that have been started, the last one last; a set that is closed already is closed again without effect. */
    private final List<Components> sets = new ArrayList<>();

    /** What listeners encrypt with: it stays as long as they do. */
    private final Components tls;

    /** What listeners speak beside the router's own protocols: it stays as long as they do. */
    private final Components fronts;

    private boolean closed;

    private ActiveExtensions(
            Collection<Registered<?, ?>> extensions, Collection<HandlerLanguage> languages, Settings settings) {
        this.extensions = List.copyOf(extensions);
        this.languages = List.copyOf(languages);
        this.tls = Components.tls(this.extensions, settings, carried);
        try {
            this.fronts = Components.fronts(this.extensions, settings, carried);
        } catch (ConfigException e) {
            tls.close();
            throw e;
        }
    }

    /**
     * Makes and starts what the settings ask for.
     *
     * @throws ConfigException when something cannot work; nothing is left open
     */
    public static ActiveExtensions start(
            Collection<Registered<?, ?>> extensions, Collection<HandlerLanguage> languages, Settings settings) {
        ActiveExtensions active = new ActiveExtensions(extensions, languages, settings);
        try {
            active.sets.add(Components.start(active.extensions, active.languages, settings, active.carried));
            return active;
        } catch (ConfigException e) {
            active.close();
            throw e;
        }
    }

    /** Returns the chain of the newest set; that set is closed when the chain has been left. */
    public synchronized ChainPlan plan() {
        return sets.getLast().plan();
    }

    /** Returns what encrypts connections; empty when no listener speaks TLS. */
    public Optional<TlsProvider> tls() {
        return tls.tls();
    }

    /** Returns the protocol fronts that listeners need, by id. */
    public Map<String, ProtocolFront> fronts() {
        Map<String, ProtocolFront> all = new TreeMap<>();
        fronts.instances().forEach((id, instance) -> all.put(id, (ProtocolFront) instance));
        return all;
    }

    /** Returns the components of the newest set that are of a type beside their own, such as {@code Controllable}. */
    public synchronized <T> List<T> offering(Class<T> type) {
        return Stream.of(tls, fronts, sets.getLast())
                .flatMap(set -> set.offering(type).stream())
                .toList();
    }

    /** Returns the same with the ids of their extensions. */
    public synchronized <T> List<Offering<T>> offerings(Class<T> type) {
        return Stream.of(tls, fronts, sets.getLast())
                .flatMap(set -> set.offerings(type).stream())
                .toList();
    }

    /**
     * Makes and starts everything anew, beside the old, and then lets new requests meet it.
     *
     * @param reading reads the settings as they are now; never called twice at a time
     * @param swap takes the new chain, or says with a ConfigException that it cannot
     * @throws ConfigException when the settings are wrong or something of the new cannot work; then everything stays as it was
     */
    public synchronized void reload(Supplier<Settings> reading, Consumer<ChainPlan> swap) {
        if (closed) {
            return;
        }
        Components old = sets.getLast();
        Components young = Components.start(extensions, languages, reading.get(), carried);
        sets.removeIf(Components::isClosed);
        sets.add(young);
        try {
            swap.accept(young.plan());
        } catch (ConfigException e) {
            sets.remove(young);
            young.close();
            throw e;
        }
        if (old.plan().isEmpty()) {
            // No exchange was ever in it: nobody else closes it.
            old.close();
        }
    }

    /** Closes every set that is left, the newest one first. */
    @Override
    public synchronized void close() {
        closed = true;
        sets.reversed().forEach(Components::close);
        fronts.close();
        tls.close();
    }
}
