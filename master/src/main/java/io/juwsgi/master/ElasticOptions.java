package io.juwsgi.master;

import io.juwsgi.config.Option;
import java.util.List;
import java.util.Optional;

/** The options that let the number of workers follow the load. */
final class ElasticOptions {
    private static final String AREA = "process";

    static final Option<Integer> CHEAPER =
            number("cheaper", 0).doc("keep at least N workers, and up to processes of them while there is much to do");

    static final Option<Integer> INITIAL =
            number("cheaper-initial", 0).doc("start with N workers (default: as many as cheaper says)");

    static final Option<Integer> STEP = number("cheaper-step", 1).doc("add N workers at a time");

    static final Option<Integer> OVERLOAD = number("cheaper-overload", 3)
            .placeholder("SECONDS")
            .doc("how long there must be too much or too little to do before the number of workers changes");

    static final Option<Optional<String>> ALGORITHM = Option.text("cheaper-algo")
            .alias("cheaper-algorithm")
            .placeholder("NAME")
            .area(AREA)
            .doc("what decides about the number of workers: spare (the default), backlog, busyness or manual");

    static final Option<Integer> RSS_SOFT = number("cheaper-rss-limit-soft", 0)
            .placeholder("BYTES")
            .doc("add no worker while all of them together have more in memory");

    static final Option<Integer> RSS_HARD = number("cheaper-rss-limit-hard", 0)
            .placeholder("BYTES")
            .doc("take workers away while all of them together have more in memory");

    static final Option<Integer> BUSYNESS_MAX =
            number("cheaper-busyness-max", 50).placeholder("PERCENT").doc("add workers when they are busier");

    static final Option<Integer> BUSYNESS_MIN =
            number("cheaper-busyness-min", 25).placeholder("PERCENT").doc("take workers away when they are less busy");

    static final Option<Integer> BUSYNESS_MULTIPLIER = number("cheaper-busyness-multiplier", 10)
            .doc("how many rounds in a row they must be less busy before one is taken away");

    static final Option<Integer> BUSYNESS_PENALTY = number("cheaper-busyness-penalty", 2)
            .doc("how many rounds more they must be less busy, after one that was taken away was missed soon");

    static final Option<Integer> BACKLOG_ALERT =
            number("cheaper-busyness-backlog-alert", 33).doc("add workers at once when so many requests wait");

    static final Option<Boolean> CHEAP =
            Option.flag("cheap").area(AREA).doc("start the first workers when the first request comes");

    static final Option<Integer> IDLE = number("idle", 0)
            .placeholder("SECONDS")
            .doc("stop all workers after so long without a request; the next one starts them again");

    static final Option<Boolean> DIE_ON_IDLE =
            Option.flag("die-on-idle").area(AREA).doc("stop the server, not only the workers, after idle");

    private ElasticOptions() {}

    private static Option<Integer> number(String name, int defaultValue) {
        return Option.integer(name, defaultValue).area(AREA);
    }

    static List<Option<?>> all() {
        return List.of(
                CHEAPER,
                INITIAL,
                STEP,
                OVERLOAD,
                ALGORITHM,
                RSS_SOFT,
                RSS_HARD,
                BUSYNESS_MAX,
                BUSYNESS_MIN,
                BUSYNESS_MULTIPLIER,
                BUSYNESS_PENALTY,
                BACKLOG_ALERT,
                CHEAP,
                IDLE,
                DIE_ON_IDLE);
    }
}
