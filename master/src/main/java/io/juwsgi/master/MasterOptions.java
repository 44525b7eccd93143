package io.juwsgi.master;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** The options that the process plane acts on. */
public final class MasterOptions {
    /** How many application processes. */
    public static final Option<Integer> PROCESSES = Option.integer("processes", 1)
            .shortName('p')
            .alias("workers")
            .area("process")
            .doc("how many application processes");

    /** How many requests each of them serves at a time. */
    public static final Option<Integer> THREADS =
            Option.integer("threads", 1).area("process").doc("how many threads each application process has");

    /** Always on; named because every configuration does. */
    public static final Option<Boolean> MASTER =
            Option.flag("master").shortName('M').area("process").doc("supervise the application processes (always on)");

    /** Import the application in each worker instead of once. */
    public static final Option<Boolean> LAZY_APPS = Option.flag("lazy-apps")
            .alias("lazy")
            .area("process")
            .doc("load the application in each worker instead of once before they are forked");

    /** Refuse to start without an application. */
    public static final Option<Boolean> NEED_APP =
            Option.flag("need-app").area("process").doc("exit with 22 when no application can be loaded");

    /** How long a worker may take to finish when it is to go. */
    public static final Option<Integer> WORKER_RELOAD_MERCY = Option.integer("worker-reload-mercy", 60)
            .placeholder("SECONDS")
            .area("process")
            .doc("seconds that a worker may take to finish its requests when it is stopped or replaced");

    private MasterOptions() {}

    /** Returns those that are only looked at when the server starts. */
    public static List<Option<?>> fixed() {
        List<Option<?>> fixed = new ArrayList<>(ControlOptions.all());
        fixed.addAll(EnvironmentOptions.fixed());
        return fixed;
    }

    /** Returns all of them, for the option registry. */
    public static List<Option<?>> all() {
        List<Option<?>> all =
                new ArrayList<>(List.of(PROCESSES, THREADS, MASTER, LAZY_APPS, NEED_APP, WORKER_RELOAD_MERCY));
        all.addAll(RecyclingOptions.all());
        all.addAll(ReloadOptions.all());
        all.addAll(ElasticOptions.all());
        all.addAll(ControlOptions.all());
        all.addAll(EnvironmentOptions.all());
        return List.copyOf(all);
    }

    /**
     * Looks whether a master could work with these settings.
     *
     * @throws io.juwsgi.config.ConfigException when one is out of bounds
     */
    public static void check(Settings settings) {
        var _ = ProcessPlan.of(settings);
    }
}
