package io.juwsgi.cli.control;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the control socket is: in the runtime directory, or where the configuration wants it, with a link to it there. */
public final class ControlSockets {
    private ControlSockets() {}

    /**
     * Binds the control socket and starts to answer.
     *
     * @param usual its place in the runtime directory
     * @param wanted the place that the configuration names
     * @param takesOver whether the server that answers there now is being replaced
     * @throws ConfigException when it cannot be bound
     */
    public static ControlServer start(
            Path usual, Optional<String> wanted, boolean takesOver, ControlCommands commands) {
        if (wanted.isEmpty()) {
            return ControlServer.start(usual, takesOver, commands);
        }
        Path path = Path.of(wanted.get()).toAbsolutePath();
        ControlServer server = ControlServer.start(path, takesOver, commands);
        try {
            Files.createSymbolicLink(usual, path);
        } catch (IOException e) {
            server.close();
            throw new ConfigException("ctl-socket " + path + ": " + e.getMessage());
        }
        return server;
    }
}
