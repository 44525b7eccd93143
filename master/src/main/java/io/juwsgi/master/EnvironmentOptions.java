package io.juwsgi.master;

import io.juwsgi.config.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options that say as whom, where and how application processes run. The processes themselves act on them. */
public final class EnvironmentOptions {
    private static final String AREA = "process";

    /** As whom application processes run. */
    public static final Option<Optional<String>> UID =
            text("uid", "USER").doc("run the application's processes as this user");

    /** In which group application processes run. */
    public static final Option<Optional<String>> GID =
            text("gid", "GROUP").doc("run the application's processes in this group (default: the user's)");

    static final Option<List<String>> ADD_GID =
            list("add-gid", "GROUP").doc("run the application's processes in this group, too");

    static final Option<Optional<String>> UMASK =
            text("umask", "OCTAL").doc("the umask of the application's processes");

    static final Option<Optional<String>> CHDIR2 =
            text("chdir2", "DIRECTORY").doc("change to a directory after the application is loaded");

    static final Option<Integer> CPU_AFFINITY = Option.integer("cpu-affinity", 0)
            .placeholder("CPUS")
            .area(AREA)
            .doc("tie each worker to so many processors, one worker beside the other");

    static final Option<Boolean> AUTO_PROCNAME =
            Option.flag("auto-procname").area(AREA).doc("name processes for what they are, as ps shows them");

    static final Option<Optional<String>> PROCNAME_PREFIX =
            text("procname-prefix", "TEXT").doc("put TEXT before the names of processes");

    static final Option<Optional<String>> PROCNAME_APPEND =
            text("procname-append", "TEXT").doc("put TEXT behind the names of processes");

    /** The moments that commands and actions can be tied to; the processes know them by these names. */
    private static final List<String> EXEC_PHASES = List.of("asap", "as-root", "as-user", "pre-app", "post-app");

    private static final List<String> HOOK_PHASES =
            List.of("asap", "as-root", "as-user", "pre-app", "post-app", "master-start", "post-fork");

    private EnvironmentOptions() {}

    private static Option<Optional<String>> text(String name, String placeholder) {
        return Option.text(name).placeholder(placeholder).area(AREA);
    }

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area(AREA);
    }

    static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(List.of(
                UID, GID, ADD_GID, UMASK, CHDIR2, CPU_AFFINITY, AUTO_PROCNAME, PROCNAME_PREFIX, PROCNAME_APPEND));
        EXEC_PHASES.forEach(
                phase -> all.add(list("exec-" + phase, "COMMAND").doc("run a command at the moment " + phase)));
        HOOK_PHASES.forEach(
                phase -> all.add(list("hook-" + phase, "ACTION:ARGUMENTS").doc("do something at the moment " + phase)));
        return List.copyOf(all);
    }
}
