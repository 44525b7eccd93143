package io.juwsgi.testkit;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.spi.extension.Context;
import io.juwsgi.spi.extension.LifeCycle;
import io.juwsgi.testkit.Registration.Part;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the server lends to a component, in a test.
 *
 * @param settings everything that was configured
 * @param carried what components of one plugin carry over, by id and type
 * @param made what was made of the plugin before
 */
record TestContext(String id, Settings settings, Map<String, Object> carried, List<Part> made) implements Context {

    @Override
    public System.Logger logger() {
        return System.getLogger("io.juwsgi.plugin." + id);
    }

    @Override
    public <T> T carried(Class<T> type, Supplier<? extends T> fresh) {
        return type.cast(carried.computeIfAbsent(id + " " + type.getName(), key -> fresh.get()));
    }

    /** Finds only what the plugin itself brings, and has registered before. */
    @Override
    public <T extends LifeCycle> T named(Class<T> kind, String name) {
        return made.stream()
                .filter(part -> part.id().equals(name) && kind.isInstance(part.instance()))
                .map(part -> kind.cast(part.instance()))
                .findFirst()
                .orElseThrow(() -> new ConfigException(kind.getSimpleName() + " " + name + " is not there"));
    }
}
