package io.juwsgi.cli.e2e;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A local Maven repository as it is after {@code ./mvnw install}, without touching the user's own: links to everything that
 * this build has used, and copies of what authors need of this build.
 */
final class InstalledRepository {
    private static final String VERSION = System.getProperty("juwsgi.version");

    private InstalledRepository() {}

    /** Makes one in {@code parent} and returns its directory. */
    static Path in(Path parent) throws IOException {
        Path used = Path.of(System.getProperty("juwsgi.repository"));
        Path repository = Files.createDirectory(parent.resolve("repository"));
        link(used, repository);
        Files.delete(repository.resolve("io"));
        link(used.resolve("io"), Files.createDirectory(repository.resolve("io")));
        Files.deleteIfExists(repository.resolve("io/juwsgi"));
        install(repository, "juwsgi", "");
        install(repository, "config", "config");
        install(repository, "protocol", "protocol");
        install(repository, "plugins-spi", "plugins/spi");
        install(repository, "plugins-testkit", "plugins/testkit");
        return repository;
    }

    private static void link(Path from, Path to) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
            for (Path entry : entries) {
                Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
            }
        }
    }

    private static void install(Path repository, String artifact, String module) throws IOException {
        Path folder = Files.createDirectories(
                repository.resolve("io/juwsgi").resolve(artifact).resolve(VERSION));
        String name = artifact + "-" + VERSION;
        Path source = RunningServer.ROOT.resolve(module);
        Files.copy(source.resolve("pom.xml"), folder.resolve(name + ".pom"));
        Path jar = source.resolve("target").resolve(name + ".jar");
        if (Files.exists(jar)) {
            Files.copy(jar, folder.resolve(name + ".jar"));
        }
    }
}
