package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.router.upstream.NamedExtension;
import io.juwsgi.router.upstream.UpstreamParts;
import io.juwsgi.spi.balance.BalancerFactory;
import io.juwsgi.spi.balance.Discovery;
import io.juwsgi.spi.balance.FleetLimits;
import io.juwsgi.spi.balance.HealthCheck;
import io.juwsgi.spi.extension.LifeCycle;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The extensions that upstreams name, from start to end of the server: a reload leaves them and what they know alone. Started
 * and closed on the main thread.
 */
public final class UpstreamExtensions implements AutoCloseable {
    private final Components components;

    private UpstreamExtensions(Components components) {
        this.components = components;
    }

    /**
     * Makes and starts them.
     *
     * @param named the extensions that upstreams name
     * @throws ConfigException when there is no such extension, or one cannot work; nothing is left open
     */
    public static UpstreamExtensions start(
            Collection<Registered<?, ?>> extensions, Settings settings, Collection<NamedExtension> named) {
        List<String> unknown = unknown(extensions, named);
        if (!unknown.isEmpty()) {
            throw new ConfigException(String.join("\n", unknown));
        }
        return new UpstreamExtensions(Components.named(
                extensions, settings, named.stream().map(NamedExtension::id).collect(Collectors.toSet())));
    }

    /** Returns a line for each extension that is named and not there. */
    static List<String> unknown(Collection<Registered<?, ?>> extensions, Collection<NamedExtension> named) {
        List<String> ids = extensions.stream().map(Registered::id).toList();
        return named.stream()
                .filter(one -> !ids.contains(one.id()))
                .map(one -> one.wrong(ids))
                .distinct()
                .toList();
    }

    /** Returns what upstreams are made with. */
    public UpstreamParts parts() {
        Map<String, LifeCycle> all = components.instances();
        return new UpstreamParts(
                only(BalancerFactory.class, all),
                only(HealthCheck.class, all),
                only(Discovery.class, all),
                only(FleetLimits.class, all));
    }

    /** Returns those that are of a type beside their own, with their ids. */
    public <T> List<Offering<T>> offerings(Class<T> type) {
        return components.offerings(type);
    }

    private static <T> Map<String, T> only(Class<T> type, Map<String, LifeCycle> all) {
        Map<String, T> found = new HashMap<>();
        all.forEach((id, instance) -> {
            if (type.isInstance(instance)) {
                found.put(id, type.cast(instance));
            }
        });
        return found;
    }

    @Override
    public void close() {
        components.close();
    }
}
