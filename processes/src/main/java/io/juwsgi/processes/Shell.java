package io.juwsgi.processes;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How the administrator's commands run: by {@code sh}, where, as whom and with what variables the application runs. Other
 * modules declare the options that say so; they are found by name.
 *
 * @param directory the working directory, null for this process's
 * @param environment variables on top of this process's
 * @param identity as whom, null for this process's user
 * @param umask an octal number, empty for this process's
 */
public record Shell(
        @Nullable Path directory,
        Map<String, String> environment,
        @Nullable Identity identity,
        String umask) {

    /** Returns how the settings want commands to run. */
    public static Shell of(Settings settings) {
        Optional<String> umask = last(settings, "umask");
        if (umask.isPresent() && !umask.get().matches("[0-7]{1,4}")) {
            throw new ConfigException("umask: " + umask.get() + " (expected: an octal number)");
        }
        return new Shell(
                last(settings, "chdir").map(Path::of).map(Path::toAbsolutePath).orElse(null),
                environment(settings),
                identity(settings),
                umask.orElse(""));
    }

    /** Returns how to run a command line. */
    public ChildCommand command(String line, Bond bond) {
        String script = umask.isEmpty() ? line : "umask " + umask + "; " + line;
        return new ChildCommand(
                List.of("sh", "-c", script), environment, directory, ChildCommand.NO_INPUT, bond, identity);
    }

    /** Returns the same in another directory. */
    public Shell in(Path other) {
        return new Shell(other, environment, identity, umask);
    }

    /** Returns the same as another user. */
    public Shell as(@Nullable Identity other) {
        return new Shell(directory, environment, other, umask);
    }

    private static List<String> values(Settings settings, String option) {
        return settings.all().stream()
                .filter(setting -> setting.option().name().equals(option))
                .map(Setting::value)
                .toList();
    }

    private static Optional<String> last(Settings settings, String option) {
        List<String> values = values(settings, option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getLast());
    }

    private static Map<String, String> environment(Settings settings) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String variable : values(settings, "env")) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                variables.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
        return variables;
    }

    private static @Nullable Identity identity(Settings settings) {
        return identity(last(settings, "uid"), last(settings, "gid"), values(settings, "add-gid"));
    }

    /**
     * Returns as whom to run, or null when nothing is asked for or this process may not choose: then it is that user
     * already, or the application's own start fails and says so.
     */
    public static @Nullable Identity identity(Optional<String> uid, Optional<String> gid, List<String> groups) {
        if ((uid.isEmpty() && gid.isEmpty()) || !isRoot()) {
            return null;
        }
        String user = uid.orElse("0");
        return new Identity(user, gid.orElseGet(() -> groupOf(user)), groups);
    }

    /** Returns whether this process may act as others. */
    public static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Asks id(1), which knows users that stand in no file, too. A number without a name has the group of its number. */
    private static String groupOf(String user) {
        try {
            Process id = new ProcessBuilder("id", "-g", "--", user)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String group = new String(id.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            if (id.waitFor(10, TimeUnit.SECONDS) && id.exitValue() == 0) {
                return group;
            }
        } catch (IOException e) {
            throw new ConfigException("uid: cannot run id: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (user.matches("[0-9]{1,10}")) {
            return user;
        }
        throw new ConfigException("uid: " + user + ": there is no such user");
    }
}
