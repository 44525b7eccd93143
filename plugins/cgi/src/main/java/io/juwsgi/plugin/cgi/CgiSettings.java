package io.juwsgi.plugin.cgi;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was configured, checked.
 *
 * @param mounts where scripts are, the longest mount point first
 * @param helpers the programs that run scripts, by the ends of their names
 * @param indexes the names of scripts that answer for a directory, in the order in which they are looked for
 * @param extensions the ends that names of scripts may have; empty: any
 * @param unset variables of our own environment that scripts do not get
 * @param safe real paths of directories that links may lead to
 * @param idle how long a script may write nothing
 * @param whole how long a script may run, zero for no limit
 * @param headLimit the largest response head in bytes
 * @param processes how many scripts may run at a time
 * @param splitsPath whether a path may go on behind the script's name
 * @param prefix the program and arguments in front of each script's
 */
record CgiSettings(
        List<Mount> mounts,
        Map<String, String> helpers,
        List<String> indexes,
        List<String> extensions,
        Set<String> unset,
        List<Path> safe,
        Duration idle,
        Duration whole,
        int headLimit,
        int processes,
        boolean splitsPath,
        List<String> prefix) {

    /**
     * A directory of scripts, or one script, at a mount point.
     *
     * @param point empty, or beginning with a slash and not ending with one
     * @param path its real path
     */
    record Mount(String point, Path path) {
        boolean holds(String requested) {
            return requested.startsWith(point)
                    && (point.isEmpty()
                            || requested.length() == point.length()
                            || requested.charAt(point.length()) == '/');
        }
    }

    /**
     * Reads the settings.
     *
     * @throws ConfigException when one of them is wrong
     */
    static CgiSettings of(Settings settings) {
        return new CgiSettings(
                mounts(settings.get(CgiOptions.CGI)),
                helpers(settings.get(CgiOptions.HELPER)),
                settings.get(CgiOptions.INDEX),
                settings.get(CgiOptions.ALLOWED_EXT),
                Set.copyOf(settings.get(CgiOptions.UNSET)),
                settings.get(CgiOptions.SAFE).stream()
                        .map(text -> real("cgi-safe", text))
                        .toList(),
                Duration.ofSeconds(atLeastOne("cgi-timeout", settings.get(CgiOptions.TIMEOUT))),
                Duration.ofSeconds(Math.max(0, settings.get(CgiOptions.HARAKIRI))),
                atLeastOne("cgi-buffer-size", settings.get(CgiOptions.BUFFER_SIZE)),
                atLeastOne("cgi-processes", settings.get(CgiOptions.PROCESSES)),
                !settings.get(CgiOptions.WHOLE_NAME),
                prefix(settings));
    }

    private static List<Mount> mounts(List<String> given) {
        List<Mount> mounts = new ArrayList<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            String point = equals < 0 ? "" : text.substring(0, equals);
            if (!point.isEmpty() && !point.startsWith("/")) {
                throw new ConfigException(
                        "cgi: " + text + ": the mount point is " + point + " (expected: beginning with a slash)");
            }
            String trimmed = point.endsWith("/") ? point.substring(0, point.length() - 1) : point;
            mounts.add(new Mount(trimmed, real("cgi", text.substring(equals + 1))));
        }
        mounts.sort((a, b) -> b.point().length() - a.point().length());
        return List.copyOf(mounts);
    }

    private static Path real(String option, String text) {
        try {
            return Path.of(text).toRealPath();
        } catch (IOException e) {
            throw new ConfigException(option + ": " + text + " is not there (expected: a directory or a script)");
        }
    }

    private static Map<String, String> helpers(List<String> given) {
        Map<String, String> helpers = new LinkedHashMap<>();
        for (String text : given) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new ConfigException("cgi-helper: " + text + " (expected: EXTENSION=PROGRAM, such as .pl=perl)");
            }
            helpers.put(text.substring(0, equals), text.substring(equals + 1));
        }
        return helpers;
    }

    private static int atLeastOne(String option, int value) {
        if (value < 1) {
            throw new ConfigException(option + ": " + value + " (expected: at least 1)");
        }
        return value;
    }

    /** A session of its own makes a process group, which is killed as a whole; {@code uid} holds for scripts, too. */
    private static List<String> prefix(Settings settings) {
        List<String> prefix = new ArrayList<>(List.of(program("setsid")));
        String user = settings.get(CgiOptions.UID).orElse("");
        String group = settings.get(CgiOptions.GID).orElse("");
        if (!user.isEmpty() || !group.isEmpty()) {
            prefix.add(program("setpriv"));
            if (!user.isEmpty()) {
                prefix.add("--reuid=" + user);
            }
            if (!group.isEmpty()) {
                prefix.add("--regid=" + group);
                prefix.add("--clear-groups");
            } else {
                prefix.add("--regid=" + primaryGroup(user));
                prefix.add("--clear-groups");
            }
            prefix.add("--");
        }
        return List.copyOf(prefix);
    }

    private static String primaryGroup(String user) {
        try {
            Process id = new ProcessBuilder("id", "-g", "--", user).start();
            String answer = new String(id.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
            if (id.waitFor() == 0) {
                return answer.strip();
            }
        } catch (IOException e) {
            throw new ConfigException("uid: the program id, which knows the group of " + user + ", cannot be run");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ConfigException("uid: " + user + " is not known (expected: a user, or a gid beside it)");
    }

    private static String program(String name) {
        for (String directory : List.of("/usr/bin", "/bin", "/usr/local/bin")) {
            Path path = Path.of(directory, name);
            if (Files.isExecutable(path)) {
                return path.toString();
            }
        }
        throw new ConfigException("cgi: the program " + name + " is not there (expected: util-linux is installed)");
    }
}
