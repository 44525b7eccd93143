package io.juwsgi.master;

import io.juwsgi.config.Option;
import java.util.List;

/** The options that say when a worker that does nothing wrong is replaced all the same. */
final class RecyclingOptions {
    private static final String AREA = "process";

    static final Option<Integer> MIN_LIFETIME = Option.integer("min-worker-lifetime", 10)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("replace no worker for its requests or its memory before it is so old");

    static final Option<Integer> MAX_LIFETIME = Option.integer("max-worker-lifetime", 0)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("replace a worker when it has served for so long");

    static final Option<Integer> MAX_LIFETIME_DELTA = Option.integer("max-worker-lifetime-delta", 0)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("add so many seconds, times the worker's number, to max-worker-lifetime");

    static final Option<Integer> RELOAD_ON_RSS = megabytes("reload-on-rss")
            .doc("replace a worker, when its requests are answered, that has more than so much in memory");

    static final Option<Integer> RELOAD_ON_AS = megabytes("reload-on-as")
            .doc("replace a worker, when its requests are answered, that has more address space than that");

    static final Option<Integer> EVIL_RELOAD_ON_RSS =
            megabytes("evil-reload-on-rss").doc("kill a worker at once that has more than so much in memory");

    static final Option<Integer> EVIL_RELOAD_ON_AS =
            megabytes("evil-reload-on-as").doc("kill a worker at once that has more address space than that");

    static final Option<Integer> LIMIT_AS =
            megabytes("limit-as").doc("let no worker have more address space: it gets a MemoryError");

    private RecyclingOptions() {}

    private static Option<Integer> megabytes(String name) {
        return Option.integer(name, 0).placeholder("MEGABYTES").area(AREA);
    }

    static List<Option<?>> all() {
        return List.of(
                MIN_LIFETIME,
                MAX_LIFETIME,
                MAX_LIFETIME_DELTA,
                RELOAD_ON_RSS,
                RELOAD_ON_AS,
                EVIL_RELOAD_ON_RSS,
                EVIL_RELOAD_ON_AS,
                LIMIT_AS);
    }
}
