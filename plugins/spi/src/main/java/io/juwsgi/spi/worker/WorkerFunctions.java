package io.juwsgi.spi.worker;

import java.util.Map;

/**
 * A component whose functions applications may call from their worker processes. What a factory makes implements it beside
 * its own type; calls go to the components of the current configuration.
 */
public interface WorkerFunctions {

    /**
     * Returns the functions by name, such as {@code cache_get}: lower-case letters, digits and underscores. Asked once, after
     * {@link io.juwsgi.spi.extension.LifeCycle#start}.
     */
    Map<String, WorkerFunction> workerFunctions();
}
