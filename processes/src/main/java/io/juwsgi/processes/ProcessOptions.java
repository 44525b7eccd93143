package io.juwsgi.processes;

import io.juwsgi.config.Option;
import java.util.List;

/** The options that concern every child that is not of the application. */
public final class ProcessOptions {
    static final Option<Integer> RELOAD_MERCY = Option.integer("reload-mercy", 3)
            .placeholder("SECONDS")
            .area("process")
            .doc("how long attached programs and running cron jobs get to end when the server stops");

    private ProcessOptions() {}

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(RELOAD_MERCY);
    }
}
