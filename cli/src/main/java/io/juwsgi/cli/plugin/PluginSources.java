package io.juwsgi.cli.plugin;

import io.juwsgi.config.Setting;
import io.juwsgi.config.Settings;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the jars that are asked for: {@code plugins.d}, {@code plugins-dir}, {@code plugin}. Used on the main thread. */
final class PluginSources {
    private static final String FOLDER = "plugins.d";

    private final Path directory;
    private final List<PluginSource> found = new ArrayList<>();
    private final Map<Path, String> seen = new LinkedHashMap<>();
    private final List<String> problems;

    /** A name that {@code plugin} gave instead of a jar, with its place. */
    record Named(String name, Setting setting) {}

    private final List<Named> names = new ArrayList<>();

    /**
     * Starts with nothing.
     *
     * @param directory what relative names refer to
     * @param problems takes a line for whatever is not as expected
     */
    PluginSources(Path directory, List<String> problems) {
        this.directory = directory;
        this.problems = problems;
    }

    /** Finds everything: first the folders of the working directory, then the named directories, then single jars. */
    void find(Settings settings) {
        if (Files.exists(directory.resolve(FOLDER))) {
            tried(() -> folders(FOLDER));
        }
        for (Setting setting : settings.of(PluginOptions.PLUGINS_DIR)) {
            tried(() -> folders(setting.value()));
        }
        settings.all().stream()
                .filter(s -> s.option() == PluginOptions.PLUGINS || s.option() == PluginOptions.NEED_PLUGINS)
                .forEach(this::jarsOrNames);
    }

    /** Returns what was found, each folder and jar once, in the order in which it is to be loaded. */
    List<PluginSource> found() {
        return found;
    }

    /** Returns the names that are no jars. */
    List<Named> names() {
        return names;
    }

    /** uWSGI takes several names in one value, with commas between them. */
    private void jarsOrNames(Setting setting) {
        for (String part : setting.value().split(",", -1)) {
            String name = part.strip();
            if (name.endsWith(".jar")) {
                tried(() -> jar(name));
            } else if (!name.isEmpty()) {
                names.add(new Named(name, setting));
            }
        }
    }

    private interface Step {
        void run() throws PluginProblem;
    }

    private void tried(Step step) {
        try {
            step.run();
        } catch (PluginProblem e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void jar(String shown) throws PluginProblem {
        Path file = resolve(shown, "jar");
        if (!Files.isRegularFile(file)) {
            throw new PluginProblem(shown, "jar", "no such file");
        }
        add(file, new PluginSource(shown, List.of(new PluginSource.Jar(shown, file))));
    }

    private void folders(String shown) throws PluginProblem {
        Path parent = resolve(shown, "folder");
        if (!Files.isDirectory(parent)) {
            throw new PluginProblem(shown, "folder", "no such directory");
        }
        for (Path entry : entries(parent, shown)) {
            String name = entry.getFileName().toString();
            String entryShown = Path.of(shown).resolve(name).toString();
            if (Files.isDirectory(entry) && !name.startsWith(".")) {
                tried(() -> folder(entry, entryShown));
            } else if (name.endsWith(".jar")) {
                problems.add(entryShown + ": folder: a jar outside of a folder (expected: "
                        + Path.of(shown)
                                .resolve(name.substring(0, name.length() - 4))
                                .resolve(name) + ")");
            }
        }
    }

    private void folder(Path folder, String shown) throws PluginProblem {
        List<PluginSource.Jar> jars = new ArrayList<>();
        for (Path file : entries(folder, shown)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".jar") && Files.isRegularFile(file)) {
                jars.add(new PluginSource.Jar(Path.of(shown).resolve(name).toString(), file));
            }
        }
        if (jars.isEmpty()) {
            throw new PluginProblem(shown, "folder", "nothing in it ends in .jar (expected: the jars of one plugin)");
        }
        add(folder, new PluginSource(shown, List.copyOf(jars)));
    }

    private void add(Path path, PluginSource source) throws PluginProblem {
        try {
            if (seen.putIfAbsent(path.toRealPath(), source.shown()) == null) {
                found.add(source);
            }
        } catch (IOException e) {
            throw new PluginProblem(source.shown(), "folder", "cannot be read: " + e.getMessage());
        }
    }

    private Path resolve(String name, String stage) throws PluginProblem {
        try {
            return directory.resolve(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new PluginProblem(name, stage, "not a file name: " + e.getReason());
        }
    }

    private static List<Path> entries(Path folder, String shown) throws PluginProblem {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            throw new PluginProblem(shown, "folder", "cannot be read: " + e.getMessage());
        }
        entries.sort(null);
        return entries;
    }
}
