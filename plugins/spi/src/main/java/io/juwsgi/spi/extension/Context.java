package io.juwsgi.spi.extension;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.util.function.Supplier;

/** What the server lends to one component. Any thread may use it, as long as the component is not closed. */
public interface Context {

    /** Returns the extension's id, such as {@code gzip}. */
    String id();

    /** Returns the component's own log; its lines name the extension. */
    System.Logger logger();

    /** Returns everything that was configured, for what {@link io.juwsgi.spi.Extensions#options} added. */
    Settings settings();

    /**
     * Returns an object that outlives this component: at a reload the server makes a new component of the new settings,
     * and gives it what the one before it had carried. So caches stay warm, pools open and counters counting. Asked in the
     * factory or in {@link LifeCycle#start}.
     *
     * <p>For a while the old component and the new one use the object at a time: it is thread-safe. When it is {@link
     * AutoCloseable} the server closes it, as soon as no component that asked for it is left.
     *
     * @param type the object's type, which is its name among those of this extension
     * @param fresh makes it when there is none
     */
    <T> T carried(Class<T> type, Supplier<? extends T> fresh);

    /**
     * Returns a component that is made because another one names it, such as the store behind a cache: with its own settings,
     * whether its flag is on or not. Asked in the factory: it is started before the component that asks, and closed after it.
     * Components that name the same one share it.
     *
     * @param kind the kind of what is named, such as {@link io.juwsgi.spi.cache.CacheStore}
     * @param id the id of its extension, such as {@code redis}
     * @throws io.juwsgi.config.ConfigException when there is none of that kind and id, or its settings are wrong
     */
    default <T extends LifeCycle> T named(Class<T> kind, String id) {
        throw new ConfigException(kind.getSimpleName() + " " + id + " is not there (expected: none)");
    }
}
