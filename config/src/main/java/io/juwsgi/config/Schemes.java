package io.juwsgi.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads what a name stands for: a file, or {@code exec://}, {@code http://}, {@code fd://} and the like. */
final class Schemes {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Surroundings surroundings;
    private final ReadAhead ahead;

    Schemes(Surroundings surroundings, ReadAhead ahead) {
        this.surroundings = surroundings;
        this.ahead = ahead;
    }

    /** Returns whether a name is more than that of a file. */
    static boolean isScheme(String name) {
        return name.equals("-") || name.contains("://");
    }

    String read(String name, Origin origin) {
        return ahead.text(name, canBeReadOnce(name), () -> readNow(name, origin));
    }

    private static boolean canBeReadOnce(String name) {
        return name.equals("-") || name.startsWith("stdin:") || name.startsWith("fd:");
    }

    /** Reads a file; what is no ordinary one, such as the pipe of a shell's {@code <(command)}, can be read only once. */
    String read(Path file, String shown, Origin origin) {
        return Files.isRegularFile(file)
                ? SourceText.read(file, shown, origin, surroundings.patience())
                : ahead.text(
                        file.toString(), true, () -> SourceText.read(file, shown, origin, surroundings.patience()));
    }

    private String readNow(String name, Origin origin) {
        int colon = name.indexOf("://");
        String scheme = name.equals("-") ? "stdin" : colon < 0 ? "file" : name.substring(0, colon);
        String rest = colon < 0 ? name : name.substring(colon + 3);
        try {
            return switch (scheme) {
                case "file" -> file(rest, origin);
                case "stdin" -> SourceText.read(surroundings.standardInput(), "standard input", origin);
                case "fd" -> descriptor(rest, name, origin);
                case "exec" -> output(rest, name, origin);
                case "http", "https" -> fetched(name, origin);
                default ->
                    throw new ConfigException(origin + ": " + name + ": the scheme " + scheme
                            + " has no meaning in juwsgi (expected: a file, file, exec, fd, http, https or stdin)");
            };
        } catch (IOException e) {
            throw new ConfigException(origin + ": cannot read " + name + ": " + e.getMessage());
        }
    }

    private String file(String name, Origin origin) {
        Path path;
        try {
            path = surroundings.directory().resolve(name);
        } catch (InvalidPathException e) {
            throw new ConfigException(origin + ": not a file name: " + name);
        }
        return read(path, name, origin);
    }

    private String descriptor(String number, String name, Origin origin) throws IOException {
        if (number.equals("0")) {
            return SourceText.read(surroundings.standardInput(), "standard input", origin);
        }
        Path device = Path.of("/dev/fd").resolve(Integer.toString(Values.atoi(number)));
        Patience.Source source = () -> {
            try (InputStream in = Files.newInputStream(device)) {
                return SourceText.read(in, name, origin);
            }
        };
        return surroundings.patience().read(source, name, origin);
    }

    /** What a command writes; like uWSGI, whether it succeeds does not matter. */
    private String output(String command, String name, Origin origin) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", command)
                .directory(surroundings.directory().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(surroundings.environment());
        Process process = builder.start();
        try (InputStream out = process.getInputStream()) {
            return surroundings.patience().read(() -> SourceText.read(out, name, origin), name, origin);
        } finally {
            // What the shell has started writes to the same pipe.
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private String fetched(String url, Origin origin) throws IOException {
        return surroundings.patience().read(() -> fetchedNow(url, origin), url, origin);
    }

    private static String fetchedNow(String url, Origin origin) throws IOException {
        try {
            URLConnection connection = new URI(url).toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                return SourceText.read(
                        new ByteArrayInputStream(in.readNBytes(SourceText.LARGEST_FILE + 1)), url, origin);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new ConfigException(origin + ": not a URL: " + url);
        }
    }
}
