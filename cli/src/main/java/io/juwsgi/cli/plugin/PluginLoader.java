package io.juwsgi.cli.plugin;

import io.juwsgi.spi.Plugin;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the plugins of a source, or says why it cannot. Used on the main thread. */
final class PluginLoader implements AutoCloseable {
    private final List<String> problems;
    private final List<PluginClassLoader> loaders = new ArrayList<>();

    /** Starts with nothing; {@code problems} takes a line for whatever cannot be loaded. */
    PluginLoader(List<String> problems) {
        this.problems = problems;
    }

    /** Returns the plugins of a source: none when anything is wrong with one of its jars. */
    List<LoadedPlugin> load(PluginSource source) {
        List<PluginJar> jars = inspected(source);
        if (jars.size() < source.jars().size()) {
            return List.of();
        }
        if (jars.stream().allMatch(jar -> jar.classNames().isEmpty())) {
            problems.add(source.shown() + ": jar: no " + PluginJar.SERVICE + " (expected: a file of this name with the "
                    + "name of a class)");
            return List.of();
        }
        PluginClassLoader loader = PluginClassLoader.of(source);
        loaders.add(loader);
        List<LoadedPlugin> made = new ArrayList<>();
        for (PluginJar jar : jars) {
            for (String className : jar.classNames()) {
                try {
                    Plugin plugin = make(jar.shown(), className, loader);
                    made.add(new LoadedPlugin(plugin, jar.shown(), jar.version(), loader, jar));
                } catch (PluginProblem e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
        return made;
    }

    private List<PluginJar> inspected(PluginSource source) {
        List<PluginJar> jars = new ArrayList<>();
        for (PluginSource.Jar jar : source.jars()) {
            try {
                jars.add(PluginJar.read(jar));
            } catch (PluginProblem e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        return jars;
    }

    private static Plugin make(String file, String className, PluginClassLoader loader) throws PluginProblem {
        Constructor<? extends Plugin> constructor = constructor(file, className, loader);
        try (var _ = new PluginCode(loader, file + ": constructor")) {
            return constructor.newInstance();
        } catch (InvocationTargetException e) {
            throw new PluginProblem(
                    file, "constructor", PluginCode.told(e.getCause() == null ? e : e.getCause(), loader));
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new PluginProblem(file, "constructor", PluginCode.told(e, loader));
        }
    }

    private static Constructor<? extends Plugin> constructor(String file, String className, PluginClassLoader loader)
            throws PluginProblem {
        Class<?> found;
        try {
            found = Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new PluginProblem(file, "class", className + " is not there (named in " + PluginJar.SERVICE + ")");
        } catch (LinkageError e) {
            throw new PluginProblem(file, "class", PluginCode.told(e, loader));
        }
        if (!Plugin.class.isAssignableFrom(found)) {
            throw new PluginProblem(
                    file, "class", className + " is not a plugin (expected: it implements io.juwsgi.spi.Plugin)");
        }
        try {
            Constructor<? extends Plugin> constructor =
                    found.asSubclass(Plugin.class).getConstructor();
            if (!java.lang.reflect.Modifier.isPublic(found.getModifiers())) {
                throw new PluginProblem(file, "class", className + " is not public (expected: a public class)");
            }
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new PluginProblem(
                    file, "class", className + " has no public constructor without parameters (expected: one)");
        } catch (LinkageError e) {
            throw new PluginProblem(file, "class", PluginCode.told(e, loader));
        }
    }

    /** Closes all class loaders, the last one first. */
    @Override
    public void close() {
        @Nullable IOException first = null;
        for (PluginClassLoader loader : loaders.reversed()) {
            try {
                loader.close();
            } catch (IOException e) {
                first = first == null ? e : first;
            }
        }
        loaders.clear();
        if (first != null) {
            throw new java.io.UncheckedIOException(first);
        }
    }
}
