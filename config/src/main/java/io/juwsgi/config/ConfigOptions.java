package io.juwsgi.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options that the readers themselves act on. */
final class ConfigOptions {
    static final String OWNER = "configuration";
    static final String AREA = "config";
    private static final List<Option<?>> ALL = new ArrayList<>();

    static final Option<Boolean> HELP =
            own(Option.flag("help").shortName('h').alias("usage").doc("print this help"));
    static final Option<Boolean> VERSION = own(Option.flag("version").doc("print the version"));
    static final Option<List<String>> INI = own(Option.list("ini")
            .placeholder("FILE[:SECTION]")
            .doc("read options from an ini file, section [uwsgi] or the named one"));
    static final Option<List<String>> YAML = own(Option.list("yaml")
            .shortName('y')
            .alias("yml")
            .placeholder("FILE[:SECTION]")
            .doc("read options from the mapping uwsgi, or the named one, of a YAML file"));
    static final Option<List<String>> JSON = own(Option.list("json")
            .shortName('j')
            .alias("js")
            .placeholder("FILE[:SECTION]")
            .doc("read options from the object uwsgi, or the named one, of a JSON file"));
    static final Option<List<String>> XML = own(Option.list("xml")
            .shortName('x')
            .alias("xmlconfig")
            .placeholder("FILE[:ID]")
            .doc("read options from the element uwsgi of an XML file"));
    static final Option<List<String>> CONF =
            own(Option.list("conf").placeholder("FILE").doc("read options from a HOCON file such as juwsgi.conf"));
    static final Option<List<String>> CONFIG =
            own(Option.list("config").placeholder("FILE").doc("read options from a file, whose name tells the format"));
    static final Option<List<String>> INCLUDE =
            own(Option.list("include").placeholder("FILE").doc("read options from another file at this very place"));
    static final Option<List<String>> INHERIT =
            own(Option.list("inherit").placeholder("FILE").doc("read options from another file after everything else"));
    static final Option<List<String>> INJECT_BEFORE = own(Option.list("inject-before")
            .placeholder("FILE")
            .doc("put the text of a file before that of every ini file read later"));
    static final Option<List<String>> INJECT_AFTER = own(Option.list("inject-after")
            .placeholder("FILE")
            .doc("put the text of a file after that of every ini file read later"));
    static final Option<Optional<String>> FALLBACK = own(
            Option.text("fallback-config").placeholder("FILE").doc("the configuration to use when this one is wrong"));
    static final Option<List<String>> SET =
            own(Option.list("set").shortName('S').placeholder("KEY=VALUE").doc("set an option or a placeholder"));
    static final Option<List<String>> SET_PLACEHOLDER = own(Option.list("set-placeholder")
            .alias("set-ph")
            .placeholder("KEY=VALUE")
            .doc("define a placeholder that values refer to as %(KEY)"));
    static final Option<List<String>> DECLARE = own(Option.list("declare-option")
            .placeholder("NAME=OPTION=VALUE;...")
            .doc("define an option that sets others, with $1, $2 for the words of its value"));
    static final Option<List<String>> DECLARE_LATE = own(Option.list("declare-option2")
            .placeholder("NAME=OPTION=VALUE;...")
            .doc("the same, with the placeholders of the definition replaced first"));
    static final Option<Optional<String>> BLACKLIST = own(Option.text("blacklist")
            .placeholder("NAMES")
            .doc("refuse these options in all that follows, up to end-blacklist"));
    static final Option<Boolean> END_BLACKLIST =
            own(Option.flag("end-blacklist").doc("allow again what blacklist refuses"));
    static final Option<Optional<String>> WHITELIST = own(Option.text("whitelist")
            .placeholder("NAMES")
            .doc("refuse all but these options in all that follows, up to end-whitelist"));
    static final Option<Boolean> END_WHITELIST =
            own(Option.flag("end-whitelist").doc("allow everything again (whitelist must name it)"));
    static final Option<Boolean> STRICT =
            own(Option.flag("strict").doc("refuse unknown options in files instead of warning"));
    static final Option<List<String>> PRINT =
            own(Option.list("print").placeholder("TEXT").doc("print a text at start"));

    static {
        own(logic("for", "WORDS").doc("repeat the options up to endfor for each word, which is %(_)"));
        own(logic("for-glob", "PATTERN").doc("repeat the options up to endfor for each file that matches"));
        own(logic("for-times", "N").doc("repeat the options up to endfor for the numbers from 1"));
        own(logic("for-readline", "FILE").doc("repeat the options up to endfor for each line of a file"));
        own(logic("if-opt", "NAME[=VALUE]").doc("read the options up to endif only when an option is set"));
        own(logic("if-not-opt", "NAME[=VALUE]").doc("read the options up to endif only when an option is not set"));
        own(logic("if-env", "NAME[=VALUE]")
                .alias("ifenv")
                .doc("read the options up to endif only when an environment variable is set"));
        own(logic("if-not-env", "NAME[=VALUE]")
                .doc("read the options up to endif only when an environment variable is not set"));
        own(Option.flag("if-reload").doc("read the options up to endif only after a reload"));
        own(Option.flag("if-not-reload").doc("read the options up to endif only at the first start"));
        own(logic("if-hostname", "NAME").doc("read the options up to endif only on this host"));
        own(logic("if-not-hostname", "NAME").doc("read the options up to endif only on other hosts"));
        own(logic("if-hostname-match", "REGEX").doc("read the options up to endif only on hosts that match"));
        own(logic("if-not-hostname-match", "REGEX")
                .doc("read the options up to endif only on hosts that do not match"));
        own(logic("if-exists", "PATH").alias("ifexists").doc("read the options up to endif only when a path exists"));
        own(logic("if-not-exists", "PATH").doc("read the options up to endif only when a path does not exist"));
        own(logic("if-plugin", "NAME").alias("ifplugin").doc("read the options up to endif only with a plugin"));
        own(logic("if-not-plugin", "NAME").doc("read the options up to endif only without a plugin"));
        own(logic("if-file", "PATH").doc("read the options up to endif only when a path is a file"));
        own(logic("if-not-file", "PATH").doc("read the options up to endif only when a path is no file"));
        own(logic("if-dir", "PATH")
                .alias("ifdir", "if-directory")
                .doc("read the options up to endif only when a path is a directory"));
        own(logic("if-not-dir", "PATH").doc("read the options up to endif only when a path is no directory"));
        own(Option.text("endfor").alias("end-for").optionalArgument().doc("ends a block of a for option"));
        own(Option.text("endif").alias("end-if", "end").optionalArgument().doc("ends a block of an if option"));
    }

    private ConfigOptions() {}

    /** Whether uWSGI has an option of this module too: all but the HOCON reader. */
    static boolean isOfUwsgi(Option<?> option) {
        return option != CONF && ALL.contains(option);
    }

    /** Whether an option takes effect as soon as it is read; its value stays as it is written. */
    static boolean isImmediate(Option<?> option) {
        return ALL.contains(option) && option != INHERIT && option != DECLARE_LATE && option != PRINT;
    }

    /** Whether nothing is left of an option once everything was read: all but those that say something about the start. */
    static boolean isCarriedOut(Option<?> option) {
        return ALL.contains(option) && option != STRICT && option != PRINT && option != FALLBACK;
    }

    static List<Option<?>> all() {
        return List.copyOf(ALL);
    }

    private static Option<List<String>> logic(String name, String placeholder) {
        return Option.list(name).placeholder(placeholder);
    }

    private static <T> Option<T> own(Option<T> option) {
        Option<T> placed = option.area(AREA);
        ALL.add(placed);
        return placed;
    }
}
