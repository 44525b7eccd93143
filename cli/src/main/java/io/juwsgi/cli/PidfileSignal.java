package io.juwsgi.cli;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.processes.Pidfile;
import io.juwsgi.processes.Signals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** {@code --reload PIDFILE} and {@code --stop PIDFILE}: a signal to a server that runs already. */
final class PidfileSignal {
    private PidfileSignal() {}

    /**
     * Sends the signal if one of the options asks for it.
     *
     * @return the exit code, or empty when a server is to be started
     */
    static Optional<Integer> send(Settings settings) {
        Optional<String> stop = settings.get(CliOptions.STOP);
        if (stop.isPresent()) {
            return Optional.of(send(Signals.INT, "stop", Path.of(stop.get())));
        }
        return settings.get(CliOptions.RELOAD).map(file -> send(Signals.HUP, "reload", Path.of(file)));
    }

    private static int send(int signal, String option, Path pidfile) {
        long pid = pid(option, pidfile);
        if (!Signals.send(pid, signal)) {
            throw new ConfigException(option + ": process " + pid + " of " + pidfile + " cannot be signalled");
        }
        return 0;
    }

    private static long pid(String option, Path pidfile) {
        try {
            return Pidfile.read(pidfile)
                    .orElseThrow(() -> new ConfigException(option + ": " + pidfile + " holds no process id"));
        } catch (IOException e) {
            throw new ConfigException(option + ": cannot read " + pidfile + ": " + e);
        }
    }
}
