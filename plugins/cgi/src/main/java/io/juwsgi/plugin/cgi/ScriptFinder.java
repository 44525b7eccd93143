package io.juwsgi.plugin.cgi;

import io.juwsgi.plugin.cgi.CgiSettings.Mount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds the script of a path. It walks the path name by name, refuses names that lead upwards or begin with a dot, and at
 * the end asks where the script really is: nothing outside the configured directories is ever run. Thread-safe.
 */
final class ScriptFinder {
    private final CgiSettings settings;

    ScriptFinder(CgiSettings settings) {
        this.settings = settings;
    }

    /** What came out of a search. */
    sealed interface Result {
        /** It was found. */
        record Found(Script script) implements Result {}

        /** The path names a directory and lacks the slash at its end. */
        record ToSlash() implements Result {}

        /** There is none. */
        record Missing() implements Result {}

        /** There is something that is not run, with the reason for the log. */
        record Forbidden(String reason) implements Result {}
    }

    /** Looks for the script of a decoded path, whose chars are bytes. */
    Result find(String path) {
        for (Mount mount : settings.mounts()) {
            if (mount.holds(path)) {
                return below(mount, path);
            }
        }
        return new Result.Missing();
    }

    private Result below(Mount mount, String path) {
        int position = mount.point().length();
        if (Files.isRegularFile(mount.path())) {
            Path root = Optional.ofNullable(mount.path().getParent()).orElse(mount.path());
            return check(new Script(mount.path(), mount.point(), path.substring(position), root));
        }
        Path place = mount.path();
        while (position < path.length()) {
            int end = path.indexOf('/', position + 1);
            int stop = end < 0 ? path.length() : end;
            String name = path.substring(position + 1, stop);
            if (name.isEmpty()) {
                return stop == path.length() ? index(mount, place, path) : new Result.Missing();
            }
            if (!isPlain(name)) {
                return new Result.Missing();
            }
            place = resolve(place, name);
            position = stop;
            if (Files.isRegularFile(place)) {
                return script(mount, place, path, position);
            }
            if (!Files.isDirectory(place)) {
                return new Result.Missing();
            }
        }
        return new Result.ToSlash();
    }

    private static boolean isPlain(String name) {
        return name.charAt(0) != '.' && name.indexOf('\0') < 0 && name.indexOf('\\') < 0;
    }

    private static Path resolve(Path place, String name) {
        try {
            return place.resolve(new String(name.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            return place.resolve("?");
        }
    }

    private Result index(Mount mount, Path directory, String path) {
        for (String name : settings.indexes()) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                return check(new Script(file, path + name, "", mount.path()));
            }
        }
        return new Result.Forbidden("no cgi-index in " + directory);
    }

    private Result script(Mount mount, Path file, String path, int end) {
        if (end < path.length() && !settings.splitsPath()) {
            return new Result.Missing();
        }
        return check(new Script(file, path.substring(0, end), path.substring(end), mount.path()));
    }

    private Result check(Script script) {
        try {
            Path real = script.file().toRealPath();
            if (!real.startsWith(script.root().toRealPath())
                    && settings.safe().stream().noneMatch(real::startsWith)) {
                return new Result.Forbidden(script.file() + " leads to " + real + ", outside the directory of scripts");
            }
            String name = real.toString();
            List<String> extensions = settings.extensions();
            if (!extensions.isEmpty() && extensions.stream().noneMatch(name::endsWith)) {
                return new Result.Forbidden(name + " ends with nothing that cgi-allowed-ext allows");
            }
            if (helper(real).isEmpty() && !Files.isExecutable(real)) {
                return new Result.Forbidden(name + " is not executable, and no cgi-helper is for it");
            }
            return new Result.Found(new Script(real, script.name(), script.pathInfo(), script.root()));
        } catch (IOException e) {
            return new Result.Missing();
        }
    }

    /** Returns the program that runs a script. */
    Optional<String> helper(Path script) {
        String name = script.toString();
        return settings.helpers().entrySet().stream()
                .filter(helper -> name.endsWith(helper.getKey()))
                .map(helper -> helper.getValue())
                .findFirst();
    }
}
