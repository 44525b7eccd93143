package io.juwsgi.testkit;

import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.SpiVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes the jar of the plugin under test: of its classes as they were compiled, before any build has packed them. */
final class PluginJar {
    private PluginJar() {}

    /** Writes the jar, or copies it when the class comes out of one. */
    static void write(Class<? extends Plugin> plugin, Path jar) throws IOException {
        Path origin = origin(plugin);
        Files.createDirectories(Objects.requireNonNull(jar.getParent()));
        if (Files.isRegularFile(origin)) {
            Files.copy(origin, jar);
            return;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue(SpiVersion.ATTRIBUTE, SpiVersion.CURRENT);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Path source : files(origin)) {
                out.putNextEntry(new JarEntry(origin.relativize(source).toString()));
                Files.copy(source, out);
                out.closeEntry();
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Returns the jar or folder that a class was loaded from. */
    static Path origin(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a class without a file: " + type, e);
        }
    }
}
