package io.juwsgi.processes.cron;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The options that run commands at times. */
public final class CronOptions {
    private static final String AREA = "cron";
    private static final String FIELDS = "MINUTE HOUR DAY MONTH WEEKDAY COMMAND";

    static final Option<List<String>> CRON = list("cron", FIELDS)
            .doc("run a command whenever the clock shows this; -1 is any, -N every number that N divides");

    static final Option<List<String>> CRON2 =
            list("cron2", "KEY=VALUE,... COMMAND").doc("the same: minute, hour, day, month, week, unique, harakiri");

    static final Option<List<String>> UNIQUE_CRON =
            list("unique-cron", FIELDS).doc("as cron, but not while the command still runs");

    static final Option<Integer> HARAKIRI = Option.integer("cron-harakiri", 0)
            .placeholder("SECONDS")
            .area(AREA)
            .doc("kill commands of cron that run longer");

    private CronOptions() {}

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area(AREA);
    }

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(CRON, CRON2, UNIQUE_CRON, HARAKIRI);
    }

    /**
     * Looks whether commands could run at times with these settings.
     *
     * @throws ConfigException when one is not understood
     */
    public static void check(Settings settings) {
        var _ = plans(settings);
    }

    /** Returns the commands, in order of appearance. */
    static List<CronPlan> plans(Settings settings) {
        int seconds = settings.get(HARAKIRI);
        if (seconds < 0) {
            throw new ConfigException("cron-harakiri: " + seconds + " (expected: >= 0)");
        }
        Duration harakiri = Duration.ofSeconds(seconds);
        List<CronPlan> plans = new ArrayList<>();
        for (Setting setting : settings.all()) {
            Option<?> option = setting.option();
            if (option == CRON || option == UNIQUE_CRON) {
                plans.add(CronPlan.fields(option.name(), setting.value(), option == UNIQUE_CRON, harakiri));
            } else if (option == CRON2) {
                plans.add(CronPlan.described(option.name(), setting.value(), harakiri));
            }
        }
        return plans;
    }
}
