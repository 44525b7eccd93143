package io.juwsgi.plugin.python;

import io.juwsgi.config.Option;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.util.List;
import java.util.Optional;

/** The options that the Python plugin acts on: its own, and by name those of the process plane that its workers obey. */
final class PythonOptions {
    private static final String AREA = "python";

    static final Option<Optional<String>> MODULE = Option.text("module")
            .shortName('w')
            .alias("wsgi")
            .placeholder("MODULE[:CALLABLE]")
            .area(AREA)
            .doc("load the application from a module; CALLABLE may be a dotted name or a factory such as make()");

    static final Option<Optional<String>> WSGI_FILE = Option.text("wsgi-file")
            .alias("file")
            .placeholder("FILE")
            .area(AREA)
            .doc("load the application from a file");

    static final Option<Optional<String>> CALLABLE = Option.text("callable")
            .placeholder("NAME")
            .area(AREA)
            .doc("the name of the application in its module or file, application if not given");

    static final Option<List<String>> MOUNT = Option.list("mount")
            .placeholder("/PATH=TARGET")
            .area(AREA)
            .doc("load another application, a module or a file, for the requests below a path");

    static final Option<Boolean> MANAGE_SCRIPT_NAME = Option.flag("manage-script-name")
            .area(AREA)
            .doc("choose among mounted applications by the URL and move the mountpoint into SCRIPT_NAME");

    static final Option<Optional<String>> CHDIR = Option.text("chdir")
            .placeholder("DIRECTORY")
            .area("process")
            .doc("change to a directory before the application is loaded");

    static final Option<List<String>> PYTHONPATH = Option.list("pythonpath")
            .alias("python-path", "pp")
            .placeholder("DIRECTORY")
            .area(AREA)
            .doc("put a directory before the others in which modules are looked for");

    static final Option<Optional<String>> VIRTUALENV = Option.text("virtualenv")
            .shortName('H')
            .alias("home", "venv", "pyhome")
            .placeholder("DIRECTORY")
            .area(AREA)
            .doc("run the interpreter of a virtual environment");

    static final Option<Optional<String>> PYTHON = Option.text("python")
            .placeholder("PROGRAM")
            .area(AREA)
            .doc("run this interpreter instead of the first python3 in PATH");

    static final Option<List<String>> ENV = Option.list("env")
            .placeholder("NAME=VALUE")
            .area("process")
            .doc("set a variable in the application's environment");

    static final Option<Optional<String>> PYARGV = Option.text("pyargv")
            .placeholder("ARGUMENTS")
            .area(AREA)
            .doc("what the application finds in sys.argv after the program's name");

    static final Option<Integer> OPTIMIZE = Option.integer("optimize", 0)
            .shortName('O')
            .placeholder("LEVEL")
            .area(AREA)
            .doc("run the interpreter without assertions (1), and without docstrings (2)");

    static final Option<Boolean> NO_SITE =
            Option.flag("no-site").area(AREA).doc("do not import site at start, so that no site-packages are seen");

    private PythonOptions() {}

    static List<Option<?>> all() {
        return List.of(
                MODULE,
                WSGI_FILE,
                CALLABLE,
                MOUNT,
                MANAGE_SCRIPT_NAME,
                CHDIR,
                PYTHONPATH,
                VIRTUALENV,
                PYTHON,
                ENV,
                PYARGV,
                OPTIMIZE,
                NO_SITE);
    }

    /** Returns the value of a number that another module declares. */
    static int processNumber(Settings settings, String name, int defaultValue) {
        int value = defaultValue;
        for (Setting setting : settings.all()) {
            if (setting.option().name().equals(name) && settings.get(setting.option()) instanceof Integer number) {
                value = number;
            }
        }
        return value;
    }

    /** Returns all values of an option that another module declares, in order of appearance. */
    static List<String> processTexts(Settings settings, String name) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals(name))
                .map(Setting::value)
                .toList();
    }

    /** Returns whether a flag that another module declares is on. */
    static boolean processFlag(Settings settings, String name) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals(name))
                .findFirst()
                .map(setting -> settings.get(setting.option()))
                .filter(Boolean.TRUE::equals)
                .isPresent();
    }
}
