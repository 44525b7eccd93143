package io.juwsgi.cli.plugin;

import io.juwsgi.spi.SpiVersion;
import io.juwsgi.spi.Standing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a jar says of itself, judged before any class of it is loaded.
 *
 * @param shown the jar as the user named it
 * @param classNames the plugins in it; none for a library
 * @param version its {@code Implementation-Version}, or {@code unknown}
 * @param status its {@link Standing#STATUS_ATTRIBUTE}
 * @param trust its {@link Standing#TRUST_ATTRIBUTE}
 */
record PluginJar(
        String shown,
        List<String> classNames,
        String version,
        @Nullable String status,
        @Nullable String trust) {
    /** The SPI that this program offers. */
    static final String SPI_VERSION = SpiVersion.CURRENT;

    static final String SERVICE = "META-INF/services/io.juwsgi.spi.Plugin";
    private static final String ATTRIBUTE = SpiVersion.ATTRIBUTE;
    private static final List<String> OURS = List.of("io/juwsgi/spi/", "io/juwsgi/config/", "io/juwsgi/protocol/");

    static PluginJar read(PluginSource.Jar jar) throws PluginProblem {
        try (JarFile file = new JarFile(jar.file().toFile())) {
            refuseOurClasses(jar, file);
            JarEntry service = file.getJarEntry(SERVICE);
            if (service == null) {
                return new PluginJar(jar.shown(), List.of(), "unknown", null, null);
            }
            Manifest manifest = file.getManifest();
            Attributes attributes = manifest == null ? new Attributes() : manifest.getMainAttributes();
            checkSpi(jar, attributes.getValue(ATTRIBUTE));
            String version = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            return new PluginJar(
                    jar.shown(),
                    classNames(jar, file, service),
                    version == null ? "unknown" : version,
                    oneOf(jar, attributes, Standing.STATUS_ATTRIBUTE, Standing.Status.values()),
                    oneOf(jar, attributes, Standing.TRUST_ATTRIBUTE, Standing.Trust.values()));
        } catch (IOException | SecurityException e) {
            throw new PluginProblem(jar.shown(), "jar", "cannot be read: " + e.getMessage());
        }
    }

    private static void checkSpi(PluginSource.Jar jar, @Nullable String found) throws PluginProblem {
        if (found == null) {
            throw new PluginProblem(jar.shown(), "manifest", "no " + ATTRIBUTE + " (expected: " + SPI_VERSION + ")");
        }
        if (!found.strip().equals(SPI_VERSION)) {
            throw new PluginProblem(
                    jar.shown(), "manifest", ATTRIBUTE + ": " + found.strip() + " (expected: " + SPI_VERSION + ")");
        }
    }

    /** Returns the value of an attribute, which is one of these words, or null when there is none. */
    private static @Nullable String oneOf(PluginSource.Jar jar, Attributes attributes, String name, Enum<?>[] words)
            throws PluginProblem {
        String found = attributes.getValue(name);
        if (found == null) {
            return null;
        }
        List<String> known = Stream.of(words).map(Enum::toString).toList();
        if (!known.contains(found.strip())) {
            throw new PluginProblem(
                    jar.shown(),
                    "manifest",
                    name + ": " + found.strip() + " (expected: " + String.join(", ", known) + ")");
        }
        return found.strip();
    }

    /** Returns what holds for a plugin of this jar: the manifest's word, or else the plugin's own. */
    Standing standing(Standing own) {
        return new Standing(
                Stream.of(Standing.Status.values())
                        .filter(s -> s.toString().equals(status))
                        .findFirst()
                        .orElse(own.status()),
                Stream.of(Standing.Trust.values())
                        .filter(t -> t.toString().equals(trust))
                        .findFirst()
                        .orElse(own.trust()));
    }

    /** A copy of the SPI would never be used, but it tells that the plugin was built against something else. */
    private static void refuseOurClasses(PluginSource.Jar jar, JarFile file) throws PluginProblem {
        for (var entries = file.entries(); entries.hasMoreElements(); ) {
            String name = entries.nextElement().getName();
            if (name.endsWith(".class") && OURS.stream().anyMatch(name::startsWith)) {
                throw new PluginProblem(
                        jar.shown(),
                        "jar",
                        name + " is juwsgi's own (expected: no copy of it; in Maven: plugins-spi with scope provided)");
            }
        }
    }

    private static List<String> classNames(PluginSource.Jar jar, JarFile file, JarEntry service)
            throws IOException, PluginProblem {
        List<String> names = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(file.getInputStream(service), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int comment = line.indexOf('#');
                String name = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!name.isEmpty() && !names.contains(name)) {
                    names.add(name);
                }
            }
        }
        if (names.isEmpty()) {
            throw new PluginProblem(jar.shown(), "jar", SERVICE + " is empty (expected: the name of a class)");
        }
        return List.copyOf(names);
    }
}
