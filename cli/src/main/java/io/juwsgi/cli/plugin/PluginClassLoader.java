package io.juwsgi.cli.plugin;

import io.juwsgi.spi.Plugin;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;

/**
 * Loads the classes of one plugin: from the JDK, from the SPI, from its own jars, and from nowhere else. So it cannot
 * reach the program's libraries, and has its own version of whatever it brings.
 */
final class PluginClassLoader extends URLClassLoader {
    private static final List<String> OURS = List.of("io.juwsgi.spi.", "io.juwsgi.config.", "io.juwsgi.protocol.");
    private static final String ANNOTATIONS = "org.jspecify.annotations.";
    private static final ClassLoader PROGRAM = Plugin.class.getClassLoader();

    static {
        registerAsParallelCapable();
    }

    private PluginClassLoader(String name, URL[] jars) {
        super(name, jars, ClassLoader.getPlatformClassLoader());
    }

    static PluginClassLoader of(PluginSource source) {
        URL[] jars = source.jars().stream().map(PluginClassLoader::url).toArray(URL[]::new);
        return new PluginClassLoader(source.shown(), jars);
    }

    private static URL url(PluginSource.Jar jar) {
        try {
            return jar.file().toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a file without a URL: " + jar.file(), e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (OURS.stream().anyMatch(name::startsWith)) {
            return PROGRAM.loadClass(name);
        }
        if (name.startsWith(ANNOTATIONS)) {
            try {
                return PROGRAM.loadClass(name);
            } catch (ClassNotFoundException e) {
                // The program runs without them: a jar of the plugin may have them.
                return super.loadClass(name, resolve);
            }
        }
        return super.loadClass(name, resolve);
    }
}
