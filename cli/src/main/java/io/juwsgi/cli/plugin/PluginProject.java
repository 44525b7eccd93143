package io.juwsgi.cli.plugin;

import io.juwsgi.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/** {@code juwsgi plugin new}: a Maven project with one plugin that builds and passes its test as it is. */
public final class PluginProject {
    private static final List<String> KINDS =
            List.of("filter", "handler", "async", "command", "service", "balancer", "route", "front");
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final String USAGE = "juwsgi plugin new NAME [--kind " + String.join("|", KINDS) + "]";

    private final String id;
    private final String kind;

    private PluginProject(String id, String kind) {
        this.id = id;
        this.kind = kind;
    }

    /**
     * Reads what is asked for.
     *
     * @param args the arguments behind {@code juwsgi plugin}
     * @throws ConfigException when they are wrong
     */
    public static PluginProject of(List<String> args) {
        if (args.isEmpty() || !args.getFirst().equals("new")) {
            String found = args.isEmpty() ? "nothing" : args.getFirst();
            throw new ConfigException("plugin: " + found + " (expected: " + USAGE + ")");
        }
        String kind = KINDS.getFirst();
        List<String> names = new ArrayList<>();
        for (int i = 1; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.startsWith("--kind=")) {
                kind = arg.substring("--kind=".length());
            } else if (arg.equals("--kind")) {
                i++;
                kind = i < args.size() ? args.get(i) : "";
            } else {
                names.add(arg);
            }
        }
        if (names.size() != 1) {
            throw new ConfigException("plugin new: " + names.size() + " names (expected: " + USAGE + ")");
        }
        return checked(names.getFirst(), kind);
    }

    private static PluginProject checked(String id, String kind) {
        if (!ID.matcher(id).matches()) {
            throw new ConfigException(
                    "plugin new: the name " + id + " (expected: lower-case letters, digits and dashes)");
        }
        if (!KINDS.contains(kind)) {
            throw new ConfigException("plugin new: the kind " + kind + " (expected: " + String.join(", ", KINDS) + ")");
        }
        return new PluginProject(id, kind);
    }

    /**
     * Writes the project.
     *
     * @param parent where its directory, called as the plugin, is made
     * @return lines that say what to do next
     * @throws ConfigException when it cannot be written
     */
    public List<String> write(Path parent) {
        Path root = parent.resolve(id);
        if (Files.exists(root)) {
            throw new ConfigException("plugin new: " + id + " is there already (expected: a new directory)");
        }
        String type = "com/example/plugin/" + className();
        try {
            file(root.resolve("pom.xml"), template("pom.xml"));
            file(root.resolve("src/main/java/" + type + ".java"), template(kind + ".java.txt"));
            file(root.resolve("src/test/java/" + type + "Test.java"), template(kind + "-test.java.txt"));
            file(root.resolve("src/main/resources/" + PluginJar.SERVICE), type.replace('/', '.') + "\n");
            file(root.resolve(".gitignore"), "target/\n");
        } catch (IOException e) {
            throw new ConfigException("plugin new: " + id + " cannot be written: " + e.getMessage());
        }
        return List.of(
                "written: " + id + ", a " + kind + " in " + type + ".java",
                "build:   mvn -f " + id + " package",
                "run:     juwsgi " + run());
    }

    private String run() {
        String plugin = " --plugin " + id + "/target/" + id + "-0.1.0.jar";
        String serve = "--http :8000" + plugin;
        return switch (kind) {
            case "command" -> id + plugin;
            case "balancer" -> serve + " with balance = " + id + " in an upstream";
            case "route" -> serve + " --route-if '" + id + ":0-24 return:503'";
            case "front" -> serve + " --front-socket " + id + "=127.0.0.1:7000";
            default -> serve + " --" + id;
        };
    }

    private String className() {
        StringBuilder name = new StringBuilder();
        for (String word : id.split("-", -1)) {
            name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return name.append("Plugin").toString();
    }

    private String template(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(PluginProject.class.getResourceAsStream("project/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("__ID__", id)
                    .replace("__METRIC__", id.replace('-', '_'))
                    .replace("__CLASS__", className())
                    .replace("__SPI__", PluginJar.SPI_VERSION);
        }
    }

    private static void file(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
    }
}
