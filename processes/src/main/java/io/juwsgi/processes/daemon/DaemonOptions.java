package io.juwsgi.processes.daemon;

import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** The options that attach programs to the server. */
public final class DaemonOptions {
    private static final String AREA = "process";

    static final Option<List<String>> ATTACH = list("attach-daemon", "COMMAND")
            .doc(
                    "run a command beside the server and start it again whenever it ends; it must not go to the background");

    static final Option<List<String>> ATTACH_CONTROL =
            list("attach-control-daemon", "COMMAND").doc("the same, and stop the server when the command ends");

    static final Option<List<String>> ATTACH2 =
            list("attach-daemon2", "KEY=VALUE,...").doc("the same, described by keys: docs/daemons.md has them all");

    static final Option<List<String>> SMART = list("smart-attach-daemon", "PIDFILE[,SECONDS] COMMAND")
            .doc("run a command that goes to the background and writes PIDFILE, unless it runs already; it outlives the"
                    + " server");

    static final Option<List<String>> SMART2 = list("smart-attach-daemon2", "PIDFILE[,SECONDS] COMMAND")
            .doc("the same for a command that stays in the foreground: PIDFILE is written for it");

    static final Option<Boolean> HONOUR_STDIN = Option.flag("daemons-honour-stdin")
            .area(AREA)
            .doc("attached programs read the server's standard input instead of nothing");

    private DaemonOptions() {}

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area(AREA);
    }

    /** Returns all of them. */
    public static List<Option<?>> all() {
        return List.of(ATTACH, ATTACH_CONTROL, ATTACH2, SMART, SMART2, HONOUR_STDIN);
    }

    /**
     * Looks whether programs could be attached with these settings.
     *
     * @throws io.juwsgi.config.ConfigException when one is not understood
     */
    public static void check(Settings settings) {
        var _ = plans(settings);
    }

    /** Returns what is to be attached, in order of appearance. */
    static List<DaemonPlan> plans(Settings settings) {
        List<DaemonPlan> plans = new ArrayList<>();
        for (Setting setting : settings.all()) {
            Option<?> option = setting.option();
            if (option == ATTACH || option == ATTACH_CONTROL) {
                plans.add(DaemonPlan.simple(option.name(), setting.value(), option == ATTACH_CONTROL));
            } else if (option == ATTACH2) {
                plans.add(DaemonPlan.described(option.name(), setting.value()));
            } else if (option == SMART || option == SMART2) {
                plans.add(DaemonPlan.smart(option.name(), setting.value(), option == SMART2));
            }
        }
        return plans;
    }
}
