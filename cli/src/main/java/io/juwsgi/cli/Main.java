package io.juwsgi.cli;

import io.juwsgi.cli.command.ConfigCommands;
import io.juwsgi.cli.control.ControlClient;
import io.juwsgi.cli.log.LogOptions;
import io.juwsgi.cli.log.LogSetup;
import io.juwsgi.cli.log.StandardLog;
import io.juwsgi.cli.plugin.PluginOptions;
import io.juwsgi.cli.plugin.PluginProject;
import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.cli.plugin.Registered;
import io.juwsgi.cli.plugin.SettingsCheck;
import io.juwsgi.cli.plugin.SubCommands;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.ConfigReader;
import io.juwsgi.config.Configuration;
import io.juwsgi.config.Help;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.Positioned;
import io.juwsgi.config.Settings;
import io.juwsgi.config.ShownConfig;
import io.juwsgi.master.MasterOptions;
import io.juwsgi.processes.ProcessOptions;
import io.juwsgi.processes.SignalHandlers;
import io.juwsgi.processes.cron.CronOptions;
import io.juwsgi.processes.daemon.DaemonOptions;
import io.juwsgi.processes.emperor.EmperorOptions;
import io.juwsgi.processes.emperor.EmperorPlan;
import io.juwsgi.router.RouterOptions;
import io.juwsgi.router.RouterTrials;
import io.juwsgi.router.upstream.UpstreamOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The program's entry: reads what is asked for, and runs a command or the server. */
public final class Main {
    /** How long the last lines may take to reach a slow reader of the log, in milliseconds. */
    private static final long LAST_LINES = 2000;

    /** One configuration may stand in for another; no third one is tried. Used on the main thread. */
    private static boolean fellBack;

    private Main() {}

    /** Runs a command, or the server; ends the process with its exit code. */
    public static void main(String[] args) {
        int exitCode;
        SignalHandlers.begin();
        try {
            exitCode = run(List.of(args));
        } catch (ConfigException e) {
            String.valueOf(e.getMessage())
                    .lines()
                    .forEach(line -> StandardLog.instance().line(name() + ": " + line));
            exitCode = 1;
        }
        System.out.flush();
        StandardLog.instance().flush(LAST_LINES);
        // Other threads may still be in a library; nothing of ours needs them.
        Runtime.getRuntime().halt(exitCode);
    }

    /** Returns a registry with the options of everything but plugins. */
    static OptionRegistry ownOptions() {
        OptionRegistry options = new OptionRegistry();
        options.add("router", RouterOptions.all());
        options.add("upstream", UpstreamOptions.all());
        options.add("master", MasterOptions.all());
        options.add("processes", ProcessOptions.all());
        options.add("processes", DaemonOptions.all());
        options.add("processes", CronOptions.all());
        options.add("processes", EmperorOptions.all());
        options.add("cli", CliOptions.all());
        options.add("log", LogOptions.all());
        return options;
    }

    private static int run(List<String> args) {
        OptionRegistry options = ownOptions();
        try (PluginRegistry plugins = PluginRegistry.bundled(options, Version.TEXT)) {
            return run(args, options, plugins);
        }
    }

    private static int run(List<String> args, OptionRegistry options, PluginRegistry plugins) {
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        return switch (args.isEmpty() ? "" : args.getFirst()) {
            case "plugins" -> plugins(rest, options, plugins);
            case "routes" -> routes(RoutesCommand.of(rest), options, plugins);
            case "plugin" -> printed(String.join("\n", PluginProject.of(rest).write(Path.of(""))));
            case "ctl" -> ControlClient.run(rest, System.out);
            default ->
                ConfigCommands.asked(args)
                        ? aboutConfiguration(args, options, plugins)
                        : configured(args, options, plugins);
        };
    }

    private static int plugins(List<String> args, OptionRegistry options, PluginRegistry plugins) {
        List<String> asked =
                args.stream().filter(arg -> !arg.equals(PluginsCommand.JSON)).toList();
        loadPlugins(reader(options), asked, plugins);
        return PluginsCommand.print(plugins, asked.size() < args.size(), System.out);
    }

    private static int routes(RoutesCommand command, OptionRegistry options, PluginRegistry plugins) {
        ConfigReader reader = reader(options);
        loadPlugins(reader, command.options(), plugins);
        Configuration configuration = reader.read(command.options());
        configuration.warnings().forEach(StandardLog.instance()::line);
        return command.print(plugins, configuration.settings(), System.out);
    }

    private static int aboutConfiguration(List<String> args, OptionRegistry options, PluginRegistry plugins) {
        ConfigReader reader = reader(options);
        loadPlugins(reader, args, plugins);
        return ConfigCommands.run(
                args,
                new ConfigCommands.Surroundings(
                        Version.TEXT, options, reader, settings -> refused(plugins, settings), System.out));
    }

    /** Returns a line for each setting that a part of the program would refuse, without starting any. */
    private static List<String> refused(PluginRegistry plugins, Settings settings) {
        List<String> lines = new ArrayList<>(ConfigReader.refused(settings, ownTrials()));
        SettingsCheck.of(plugins, settings).forEach(line -> lines.addAll(Positioned.lines(line, settings)));
        return lines;
    }

    /** What everything but plugins would refuse; these are told of when they are started. */
    private static List<Consumer<Settings>> ownTrials() {
        List<Consumer<Settings>> trials = new ArrayList<>(RouterTrials.all());
        trials.add(MasterOptions::check);
        trials.add(DaemonOptions::check);
        trials.add(CronOptions::check);
        trials.add(EmperorPlan::of);
        return trials;
    }

    private static ConfigReader reader(OptionRegistry options) {
        return new ConfigReader(options, Path.of(""), System.getenv());
    }

    /** Runs the sub-command of a plugin. */
    private static int pluginsCommand(Registered<?, ?> command, ConfigReader reader, List<String> args) {
        Configuration configuration = reader.read(args);
        configuration.warnings().forEach(StandardLog.instance()::line);
        return SubCommands.run(command, configuration.settings());
    }

    private static int configured(List<String> args, OptionRegistry options, PluginRegistry plugins) {
        ConfigReader reader = reader(options);
        loadPlugins(reader, args, plugins);
        if (!args.isEmpty()) {
            var command = SubCommands.find(plugins, args.getFirst());
            if (command.isPresent()) {
                return pluginsCommand(command.get(), reader, args.subList(1, args.size()));
            }
        }
        Configuration configuration = reader.read(args);
        return switch (configuration.request()) {
            case HELP -> printed(ConfigCommands.usage(name()) + Help.text(options, 100));
            case VERSION -> printed(Version.TEXT);
            case RUN -> {
                Optional<Integer> done = new OneShot(reader, options, System.out).run(configuration.settings());
                if (done.isPresent()) {
                    yield done.get();
                }
                if (Background.wanted(configuration.settings())) {
                    yield new Background(StandardLog.instance()).start(args, configuration.settings());
                }
                LogSetup.apply(configuration.settings(), plugins.logTypes(), StandardLog.instance());
                configuration.warnings().forEach(StandardLog.instance()::line);
                configuration.notices().forEach(StandardLog.instance()::line);
                if (configuration.settings().get(CliOptions.SHOW_CONFIG)) {
                    ShownConfig.text(configuration).lines().forEach(StandardLog.instance()::line);
                }
                yield serveOrFallBack(configuration.settings(), reader, args, plugins);
            }
        };
    }

    /** Reads the settings as they are now. */
    private static Settings again(ConfigReader reader, List<String> args) {
        Configuration configuration = reader.readAgain(args);
        configuration.warnings().forEach(StandardLog.instance()::line);
        return configuration.settings();
    }

    /** Returns the command that starts the program that is on the disk now with the same arguments. */
    private static List<String> restart(List<String> args) {
        List<String> command = new ArrayList<>(List.of(System.getProperty("juwsgi.launcher", name())));
        command.addAll(args);
        return command;
    }

    /** Serves, or starts anew with the configuration that {@code fallback-config} names when that cannot begin. */
    private static int serveOrFallBack(
            Settings settings, ConfigReader reader, List<String> args, PluginRegistry plugins) {
        Optional<String> fallback = ConfigReader.fallback(settings);
        try {
            List<String> refused = ConfigReader.refused(settings, ownTrials());
            if (!refused.isEmpty()) {
                throw new ConfigException(String.join("\n", refused));
            }
            return serve(settings, () -> again(reader, args), restart(args), plugins);
        } catch (ConfigException e) {
            if (fallback.isEmpty() || fellBack) {
                throw e;
            }
            String.valueOf(e.getMessage()).lines().forEach(StandardLog.instance()::line);
            StandardLog.instance().line(fallback.get() + " is used instead, as fallback-config says");
        }
        fellBack = true;
        return run(List.of("--config", fallback.get()));
    }

    private static int serve(
            Settings settings, Supplier<Settings> reading, List<String> restart, PluginRegistry plugins) {
        try {
            Optional<EmperorPlan> emperor = EmperorPlan.of(settings);
            return emperor.isPresent()
                    ? new EmperorServer(emperor.get(), settings, StandardLog.instance()).run()
                    : new Server(settings, reading, restart, plugins, StandardLog.instance()).run();
        } catch (ConfigException e) {
            throw new ConfigException(String.join("\n", Positioned.lines(String.valueOf(e.getMessage()), settings)));
        }
    }

    /** Plugins have options: they are loaded before the configuration is read in earnest. */
    private static void loadPlugins(ConfigReader reader, List<String> args, PluginRegistry plugins) {
        plugins.load(reader.preview(args, PluginOptions.all()), Path.of(""));
        plugins.notices().forEach(StandardLog.instance()::line);
    }

    private static int printed(String text) {
        System.out.println(text.stripTrailing());
        System.out.flush();
        return 0;
    }

    /** The name that the program was called by: juwsgi, or uwsgi through a link. */
    private static String name() {
        return System.getProperty("juwsgi.name", "juwsgi");
    }
}
