package io.juwsgi.master;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    static final Option<Optional<String>> CHROOT = text("chroot", "DIRECTORY")
            .doc("make DIRECTORY the root of what the application's processes see; only root can");

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

    static final Option<Optional<String>> PROCNAME_PREFIX_SPACED =
            text("procname-prefix-spaced", "TEXT").doc("the same, with a blank between");

    static final Option<Optional<String>> PROCNAME = text("procname", "NAME").doc("name all processes so");

    static final Option<Optional<String>> PROCNAME_MASTER =
            text("procname-master", "NAME").doc("name the server's own process so");

    /** The moments that commands and actions can be tied to; the processes know them by these names. */
    private static final List<String> EXEC_PHASES = List.of(
            "asap", "pre-jail", "post-jail", "in-jail", "as-root", "as-user", "as-user-atexit", "pre-app", "post-app");

    private static final List<String> HOOK_PHASES = Stream.concat(
                    EXEC_PHASES.stream(), Stream.of("master-start", "post-fork", "accepting", "accepting1"))
            .toList();

    private EnvironmentOptions() {}

    private static Option<Optional<String>> text(String name, String placeholder) {
        return Option.text(name).placeholder(placeholder).area(AREA);
    }

    private static Option<List<String>> list(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder).area(AREA);
    }

    static List<Option<?>> all() {
        List<Option<?>> all = new ArrayList<>(List.of(
                UID,
                GID,
                ADD_GID,
                UMASK,
                CHROOT,
                CHDIR2,
                CPU_AFFINITY,
                AUTO_PROCNAME,
                PROCNAME_PREFIX,
                PROCNAME_PREFIX_SPACED,
                PROCNAME_APPEND,
                PROCNAME,
                PROCNAME_MASTER));
        EXEC_PHASES.forEach(
                phase -> all.add(list("exec-" + phase, "COMMAND").doc("run a command at the moment " + phase)));
        HOOK_PHASES.forEach(
                phase -> all.add(list("hook-" + phase, "ACTION:ARGUMENTS").doc("do something at the moment " + phase)));
        return List.copyOf(all);
    }

    /** Returns those that the server's own process and directory depend on. */
    static List<Option<?>> fixed() {
        return List.of(UID, GID, CHROOT, PROCNAME_MASTER);
    }

    /** Returns what this process is to be called, if anything. */
    static Optional<String> masterName(Settings settings) {
        Optional<String> prefix =
                settings.get(PROCNAME_PREFIX_SPACED).map(text -> text + " ").or(() -> settings.get(PROCNAME_PREFIX));
        Optional<String> append = settings.get(PROCNAME_APPEND);
        Optional<String> name = settings.get(PROCNAME_MASTER).or(() -> settings.get(PROCNAME));
        boolean asked = settings.get(AUTO_PROCNAME) || prefix.isPresent() || append.isPresent() || name.isPresent();
        return asked
                ? Optional.of(prefix.orElse("") + name.orElse("uWSGI master") + append.orElse(""))
                : Optional.empty();
    }
}
