package io.juwsgi.plugin.python;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Python interpreter that runs the application.
 *
 * @param program its absolute path
 * @param chosenBy why this one, for the log
 */
record Interpreter(Path program, String chosenBy) {
    private static final List<String> IN_VIRTUALENV = List.of("bin/python", "bin/python3");

    /**
     * Chooses the virtual environment's interpreter, else the one that {@code --python} names, else the first python3.
     *
     * @param directory the application's working directory
     * @param path the value of PATH, or null
     * @throws ConfigException when it does not exist or cannot be run
     */
    static Interpreter choose(Settings settings, Path directory, @Nullable String path) {
        Optional<String> virtualenv = settings.get(PythonOptions.VIRTUALENV);
        if (virtualenv.isPresent()) {
            return ofVirtualenv(directory.resolve(virtualenv.get()));
        }
        Optional<String> named = settings.get(PythonOptions.PYTHON);
        return named.isPresent() ? named(named.get(), directory, path) : first(path);
    }

    private static Interpreter ofVirtualenv(Path root) {
        for (String name : IN_VIRTUALENV) {
            Path program = root.resolve(name);
            if (isProgram(program)) {
                return new Interpreter(program.toAbsolutePath(), "virtualenv");
            }
        }
        String problem = Files.isDirectory(root) ? "has no program bin/python" : "is not a directory";
        throw new ConfigException("virtualenv: " + root + " " + problem + " (expected: a virtual environment)");
    }

    private static Interpreter named(String name, Path directory, @Nullable String path) {
        if (!name.contains("/")) {
            return inPath(name, path)
                    .map(program -> new Interpreter(program, "--python"))
                    .orElseThrow(() -> new ConfigException("python: no program " + name + " in PATH"));
        }
        Path program = directory.resolve(name).toAbsolutePath();
        if (!isProgram(program)) {
            String problem = Files.exists(program) ? "is not a program that can be run" : "does not exist";
            throw new ConfigException("python: " + program + " " + problem);
        }
        return new Interpreter(program, "--python");
    }

    private static Interpreter first(@Nullable String path) {
        return inPath("python3", path)
                .map(program -> new Interpreter(program, "the first python3 in PATH"))
                .orElseThrow(
                        () -> new ConfigException(
                                "python: there is no python3 in PATH: install Python 3, or name it with --python or --virtualenv"));
    }

    private static Optional<Path> inPath(String name, @Nullable String path) {
        if (path == null) {
            return Optional.empty();
        }
        for (String directory : path.split(File.pathSeparator, -1)) {
            Path program = Path.of(directory).resolve(name);
            if (!directory.isEmpty() && isProgram(program)) {
                return Optional.of(program.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
