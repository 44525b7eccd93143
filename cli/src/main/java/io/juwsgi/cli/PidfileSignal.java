package io.juwsgi.cli;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
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
            return Optional.of(send("INT", "stop", Path.of(stop.get())));
        }
        return settings.get(CliOptions.RELOAD).map(file -> send("HUP", "reload", Path.of(file)));
    }

    private static int send(String signal, String option, Path pidfile) {
        long pid = pid(option, pidfile);
        try {
            // The shell has kill built in, whatever else is installed; the JDK can only send TERM and KILL.
            int result = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (result != 0) {
                throw new ConfigException(option + ": process " + pid + " of " + pidfile + " cannot be signalled");
            }
            return 0;
        } catch (IOException e) {
            throw new ConfigException(option + ": cannot run sh: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static long pid(String option, Path pidfile) {
        try {
            String text = Files.readString(pidfile).strip();
            if (!text.matches("[1-9][0-9]{0,9}")) {
                throw new ConfigException(option + ": " + pidfile + " holds no process id");
            }
            return Long.parseLong(text);
        } catch (IOException e) {
            throw new ConfigException(option + ": cannot read " + pidfile + ": " + e);
        }
    }
}
