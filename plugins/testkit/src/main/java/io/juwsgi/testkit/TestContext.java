package io.juwsgi.testkit;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.extension.Context;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What the server lends to a component, in a test.
 *
 * @param settings everything that was configured
 * @param carried what components of one plugin carry over, by id and type
 */
record TestContext(String id, Settings settings, Map<String, Object> carried) implements Context {

    @Override
    public System.Logger logger() {
        return System.getLogger("io.juwsgi.plugin." + id);
    }

    @Override
    public <T> T carried(Class<T> type, Supplier<? extends T> fresh) {
        return type.cast(carried.computeIfAbsent(id + " " + type.getName(), key -> fresh.get()));
    }
}
