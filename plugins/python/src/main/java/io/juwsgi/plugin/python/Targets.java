package io.juwsgi.plugin.python;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The applications to load.
 *
 * @param targets the default application, if there is one, before the mounted ones
 * @param found whether the default one was found in the working directory instead of being named
 */
record Targets(List<Target> targets, boolean found) {
    private static final List<String> USUAL_FILES = List.of("app.py", "wsgi.py", "main.py");

    Targets {
        targets = List.copyOf(targets);
    }

    /**
     * Returns what the options name, else what lies in the directory.
     *
     * @param directory the application's working directory
     * @param discovery whether to look there at all
     * @throws ConfigException when an option names a file that does not exist, or is not understood
     */
    static Targets of(Settings settings, Path directory, boolean discovery) {
        List<Target> targets = new ArrayList<>();
        @Nullable String callable = settings.get(PythonOptions.CALLABLE).orElse(null);
        @Nullable String module = settings.get(PythonOptions.MODULE).orElse(null);
        Optional<String> file = settings.get(PythonOptions.WSGI_FILE);
        if (file.isPresent()) {
            targets.add(new Target("", null, existing("wsgi-file", file.get(), directory), callable));
        } else if (module != null) {
            targets.add(new Target("", module, null, callable));
        }
        for (Setting mount : settings.of(PythonOptions.MOUNT)) {
            targets.add(mounted(mount, directory));
        }
        if (!targets.isEmpty() || !discovery) {
            return new Targets(targets, false);
        }
        return new Targets(discovered(directory, callable).stream().toList(), callable == null);
    }

    private static String existing(String option, String file, Path directory) {
        Path path = directory.resolve(file);
        if (!Files.isRegularFile(path)) {
            String problem = Files.exists(path) ? "is not a regular file" : "does not exist";
            throw new ConfigException(option + ": " + path + " " + problem);
        }
        return file;
    }

    private static Target mounted(Setting mount, Path directory) {
        String[] parts = mount.value().split("=", 2);
        String path = parts[0].strip();
        if (parts.length < 2 || !path.startsWith("/") || parts[1].isBlank()) {
            throw new ConfigException(mount.origin() + ": mount: " + mount.value()
                    + " (expected: /path=module:callable or /path=file.py)");
        }
        String mountpoint = path.replaceFirst("/+$", "");
        String target = parts[1].strip();
        int colon = target.lastIndexOf(':');
        String place = colon < 0 ? target : target.substring(0, colon);
        if (!place.endsWith(".py") && !place.endsWith(".wsgi") && !place.contains("/")) {
            return new Target(mountpoint, target, null, null);
        }
        @Nullable String callable = colon < 0 ? null : target.substring(colon + 1);
        return new Target(mountpoint, null, existing("mount", place, directory), callable);
    }

    /** Finds what Flask's and Gunicorn's users expect to be found, then a Django project. */
    private static Optional<Target> discovered(Path directory, @Nullable String callable) {
        for (String name : USUAL_FILES) {
            if (Files.isRegularFile(directory.resolve(name))) {
                return Optional.of(new Target("", null, name, callable));
            }
        }
        return Files.isRegularFile(directory.resolve("manage.py"))
                ? django(directory).map(module -> new Target("", module, null, callable))
                : Optional.empty();
    }

    /** Returns the first module {@code PROJECT.wsgi} in the order of names. */
    private static Optional<String> django(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("wsgi.py")))
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isJavaIdentifierPart))
                    .sorted()
                    .findFirst()
                    .map(name -> name + ".wsgi");
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
