package io.juwsgi.plugin.python;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import io.juwsgi.protocol.marshal.MarshalWriter;
import io.juwsgi.spi.worker.WorkerRuntime;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the zygote is told on its standard input, as {@code docs/worker-link.md} lists it. Used once, by one thread. */
final class BootSettings {
    private static final Pattern HOOK = Pattern.compile("(exec|hook)-[a-z0-9-]+");

    /** The default of uWSGI's buffer-size, which applications may see. */
    private static final int UWSGI_BUFFER = 4096;

    private final Settings settings;
    private final MarshalWriter out = new MarshalWriter();

    private BootSettings(Settings settings) {
        this.settings = settings;
    }

    /** Returns the settings in marshal format. */
    static ByteBuffer encode(Settings settings, WorkerRuntime runtime, Path directory, Targets targets) {
        BootSettings boot = new BootSettings(settings);
        boot.write(runtime, directory, targets);
        return ByteBuffer.wrap(boot.out.toByteArray());
    }

    private void write(WorkerRuntime runtime, Path directory, Targets targets) {
        out.beginDict();
        text("control", runtime.controlSocket().toString());
        text("directory", runtime.directory().toString());
        text("calls", runtime.callsSocket().toString());
        integer("threads", Math.max(1, PythonOptions.processNumber(settings, "threads", 1)));
        integer("processes", PythonOptions.processNumber(settings, "processes", 1));
        apps(targets.targets());
        bool("found", targets.found());
        text("chdir", directory.toString());
        text(
                "virtualenv",
                settings.get(PythonOptions.VIRTUALENV)
                        .map(v -> directory.resolve(v).toString())
                        .orElse(null));
        list("pythonpath", settings.get(PythonOptions.PYTHONPATH));
        list("argv", arguments());
        environment();
        bool("need_app", PythonOptions.processFlag(settings, "need-app"));
        bool("lazy", PythonOptions.processFlag(settings, "lazy-apps"));
        bool("manage_script_name", settings.get(PythonOptions.MANAGE_SCRIPT_NAME));
        bool("catch_exceptions", false);
        integer("max_requests", 0);
        process();
        uwsgi();
        out.endDict();
    }

    /** What the module {@code uwsgi} shows an application. */
    private void uwsgi() {
        Map<String, Optional<String>> options = settings.optionsOfUwsgi();
        out.key("uwsgi");
        out.beginDict();
        integer("buffer_size", PythonOptions.processNumber(settings, "buffer-size", UWSGI_BUFFER));
        out.key("opt");
        out.beginList(options.size());
        options.forEach((name, value) -> {
            out.beginList(2);
            out.text(name);
            value.ifPresentOrElse(out::text, out::none);
        });
        out.endDict();
    }

    /** What the process plane's options ask of the processes themselves; only what was set. */
    private void process() {
        out.key("process");
        out.beginDict();
        number("limit_as", "limit-as");
        number("autoreload", "py-auto-reload");
        texts("autoreload_ignore", "py-auto-reload-ignore");
        last("uid", "uid");
        last("gid", "gid");
        texts("add_gid", "add-gid");
        last("umask", "umask");
        last("chroot", "chroot");
        last("chdir2", "chdir2");
        number("cpu_affinity", "cpu-affinity");
        bool("auto_procname", PythonOptions.processFlag(settings, "auto-procname"));
        last("procname", "procname");
        prefix();
        last("procname_append", "procname-append");
        hooks();
        out.endDict();
    }

    private void prefix() {
        List<String> spaced = PythonOptions.processTexts(settings, "procname-prefix-spaced");
        if (spaced.isEmpty()) {
            last("procname_prefix", "procname-prefix");
        } else {
            text("procname_prefix", spaced.getLast() + " ");
        }
    }

    private void number(String key, String option) {
        int value = PythonOptions.processNumber(settings, option, 0);
        if (value != 0) {
            integer(key, value);
        }
    }

    /** The last value of an option counts. */
    private void last(String key, String option) {
        List<String> values = PythonOptions.processTexts(settings, option);
        if (!values.isEmpty()) {
            text(key, values.getLast());
        }
    }

    /** Pairs of a moment and an action, in order of appearance; a command is the action exec. */
    private void hooks() {
        List<Setting> hooks = settings.all().stream()
                .filter(setting -> HOOK.matcher(setting.option().name()).matches())
                .toList();
        out.key("hooks");
        out.beginList(hooks.size());
        for (Setting hook : hooks) {
            String name = hook.option().name();
            out.beginList(2);
            out.text(name.substring(name.indexOf('-') + 1));
            out.text(name.startsWith("exec-") ? "exec:" + hook.value() : hook.value());
        }
    }

    private void texts(String key, String option) {
        List<String> values = PythonOptions.processTexts(settings, option);
        if (!values.isEmpty()) {
            list(key, values);
        }
    }

    private void apps(List<Target> targets) {
        out.key("apps");
        out.beginList(targets.size());
        for (Target target : targets) {
            out.beginDict();
            text("mountpoint", target.mountpoint());
            text("module", target.module());
            text("file", target.file());
            text("callable", target.callable());
            out.endDict();
        }
    }

    private List<String> arguments() {
        String text = settings.get(PythonOptions.PYARGV).orElse("").strip();
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
    }

    private void environment() {
        List<Setting> variables = settings.of(PythonOptions.ENV);
        out.key("env");
        out.beginList(variables.size());
        for (Setting variable : variables) {
            int equals = variable.value().indexOf('=');
            if (equals <= 0) {
                throw new ConfigException(variable.origin() + ": env: " + variable.value() + " (expected: NAME=VALUE)");
            }
            out.beginList(2);
            out.text(variable.value().substring(0, equals));
            out.text(variable.value().substring(equals + 1));
        }
    }

    private void text(String key, @Nullable String value) {
        out.key(key);
        if (value == null) {
            out.none();
        } else {
            out.text(value);
        }
    }

    private void integer(String key, int value) {
        out.key(key);
        out.integer(value);
    }

    private void bool(String key, boolean value) {
        out.key(key);
        out.bool(value);
    }

    private void list(String key, List<String> values) {
        out.key(key);
        out.beginList(values.size());
        values.forEach(out::text);
    }
}
