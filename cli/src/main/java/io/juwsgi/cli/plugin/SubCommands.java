package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.util.Optional;

/** The sub-commands that plugins offer. */
public final class SubCommands {
    private SubCommands() {}

    /** Returns the sub-command called {@code name}. */
    public static Optional<Registered<?, ?>> find(PluginRegistry plugins, String name) {
        return plugins.extensions().stream()
                .filter(e -> e.kind() instanceof Kind.SubCommand)
                .filter(e -> e.extension().id().equals(name))
                .findFirst();
    }

    /**
     * Runs a sub-command, through its whole life.
     *
     * @return its exit code
     * @throws ConfigException when its settings are wrong or it failed
     */
    public static int run(Registered<?, ?> command, Settings settings) {
        try (Components components = Components.command(command, settings)) {
            return components.run();
        } catch (ConfigException e) {
            throw e;
        } catch (Exception e) {
            throw new ConfigException(command.extension().id() + ": " + e.getMessage());
        }
    }
}
