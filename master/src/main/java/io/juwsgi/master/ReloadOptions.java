package io.juwsgi.master;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The options that say what makes the server reload. */
final class ReloadOptions {
    private static final String AREA = "process";

    static final Option<List<String>> TOUCH_RELOAD =
            file("touch-reload").doc("reload the application when FILE is touched");

    static final Option<List<String>> TOUCH_WORKERS_RELOAD =
            file("touch-workers-reload").doc("replace the workers when FILE is touched");

    static final Option<List<String>> TOUCH_CHAIN_RELOAD =
            file("touch-chain-reload").doc("replace one worker after the other when FILE is touched");

    static final Option<List<String>> FS_RELOAD =
            changing("fs-reload").doc("reload the application when this file, or a file in this folder, changes");

    static final Option<List<String>> FS_BRUTAL_RELOAD =
            changing("fs-brutal-reload").doc("the same, without time for what the old workers are doing");

    /** Only the workers act on these two, which look at the files of their modules. */
    static final Option<Integer> PY_AUTORELOAD = Option.integer("py-auto-reload", 0)
            .alias("py-autoreload", "python-autoreload", "python-auto-reload")
            .placeholder("SECONDS")
            .area(AREA)
            .doc("look every so many seconds whether a Python module's file has changed, and reload; for development");

    static final Option<List<String>> PY_AUTORELOAD_IGNORE = Option.list("py-auto-reload-ignore")
            .placeholder("MODULE")
            .area(AREA)
            .doc("do not look at the file of this module");

    private ReloadOptions() {}

    private static Option<List<String>> file(String name) {
        return Option.list(name).placeholder("FILE").area(AREA);
    }

    private static Option<List<String>> changing(String name) {
        return Option.list(name).placeholder("PATH").area(AREA);
    }

    static List<Option<?>> all() {
        return List.of(
                TOUCH_RELOAD,
                TOUCH_WORKERS_RELOAD,
                TOUCH_CHAIN_RELOAD,
                FS_RELOAD,
                FS_BRUTAL_RELOAD,
                PY_AUTORELOAD,
                PY_AUTORELOAD_IGNORE);
    }

    static List<TouchWatch.Trigger> triggers(Settings settings) {
        List<TouchWatch.Trigger> triggers = new ArrayList<>();
        settings.get(TOUCH_RELOAD).forEach(f -> triggers.add(new TouchWatch.Trigger(Path.of(f), ReloadScope.ALL)));
        settings.get(TOUCH_WORKERS_RELOAD)
                .forEach(f -> triggers.add(new TouchWatch.Trigger(Path.of(f), ReloadScope.WORKERS)));
        settings.get(TOUCH_CHAIN_RELOAD)
                .forEach(f -> triggers.add(new TouchWatch.Trigger(Path.of(f), ReloadScope.CHAIN)));
        settings.get(FS_RELOAD).forEach(f -> triggers.add(new TouchWatch.Trigger(Path.of(f), ReloadScope.ALL, true)));
        settings.get(FS_BRUTAL_RELOAD)
                .forEach(f -> triggers.add(new TouchWatch.Trigger(Path.of(f), ReloadScope.BRUTAL, true)));
        return List.copyOf(triggers);
    }
}
