package io.juwsgi.spi;

import java.util.List;
import java.util.Map;

/**
 * A component that has a list of its own in the stats JSON. What a factory makes implements it beside its own type; the server
 * asks the components of the current configuration whenever somebody reads the stats.
 */
public interface StatsSource {

    /** Returns the name of the list in the JSON, such as uWSGI's {@code caches}. */
    String statsName();

    /**
     * Returns the list as it is now. Called on a thread that may block, by several readers at once.
     *
     * @return an object for each element, its keys in order: strings, numbers, booleans, and lists and maps of them
     */
    List<Map<String, ?>> stats();
}
