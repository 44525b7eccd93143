package io.juwsgi.router.listener;

import io.juwsgi.config.Option;
import java.util.List;

/** The options that say how many connections clients may hold. */
public final class CapOptions {
    static final Option<Integer> TOTAL = Option.integer("max-connections", 0)
            .area("limits")
            .doc("how many client connections there may be at a time, 0 for no limit; more are answered with 503");
    static final Option<Integer> PER_ADDRESS = Option.integer("max-connections-per-address", 0)
            .area("limits")
            .doc("the same for each client address; trusted proxies are not counted");

    private CapOptions() {}

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        return List.of(TOTAL, PER_ADDRESS);
    }
}
