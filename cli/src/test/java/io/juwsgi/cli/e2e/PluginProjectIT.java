package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What an author does first: {@code juwsgi plugin new}, a Maven build without a network, and the plugin in juwsgi. */
class PluginProjectIT {
    private static final String VERSION = System.getProperty("juwsgi.version");

    @TempDir
    Path directory;

    @Test
    void aNewProjectBuildsOfflineAndItsPluginLoads() throws Exception {
        assertThat(juwsgi(0, "plugin", "new", "say-hello", "--kind", "handler"))
                .startsWith("written: say-hello, a handler in com/example/plugin/SayHelloPlugin.java\n");
        useMoreOfTheJdk(directory.resolve("say-hello/src/main/java/com/example/plugin/SayHelloPlugin.java"));
        assertThat(maven()).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");

        String jar = "say-hello/target/say-hello-0.1.0.jar";
        assertThat(juwsgi(0, "plugins", "--plugin", jar))
                .contains("say-hello 0.1.0  (" + jar + ", SPI 1)\n    handler say-hello");
        assertThat(firstId(juwsgi(0, "plugins", "--json"))).isEqualTo("cache");
        assertThat(juwsgi(0, "--plugin", jar, "--help")).contains("--say-hello-greeting");
        assertThat(juwsgi(1, "--plugin", jar, "--say-hello-greetng", "x"))
                .contains("unknown option --say-hello-greetng (did you mean --say-hello-greeting?)");
    }

    @Test
    void aBrokenPluginEndsTheStartWithOneReport() throws Exception {
        Files.createDirectories(directory.resolve("plugins.d/foo"));
        Files.writeString(directory.resolve("plugins.d/foo/foo.jar"), "");
        assertThat(juwsgi(1, "--http", "127.0.0.1:0", "--plugin", "bar.jar"))
                .isEqualTo("juwsgi: plugins cannot be loaded:\n"
                        + "juwsgi:   bar.jar: jar: no such file\n"
                        + "juwsgi:   plugins.d/foo/foo.jar: jar: cannot be read: zip file is empty");
    }

    /** Modules of the JDK that the program itself has no use for are there for plugins. */
    private static void useMoreOfTheJdk(Path source) throws IOException {
        String register = "public void register(Extensions extensions) {";
        String text = Files.readString(source);
        assertThat(text).contains(register);
        Files.writeString(
                source,
                text.replace(
                        register,
                        register + "\n        java.util.Objects.requireNonNull(java.net.http.HttpClient.newBuilder());"
                                + "\n        java.util.Objects.requireNonNull(java.sql.Date.valueOf(\"2026-01-01\"));"));
    }

    private static String firstId(String json) {
        try (JsonParser parser = JsonFactory.builder().build().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("id")) {
                    parser.nextToken();
                    return parser.getString();
                }
            }
        }
        throw new AssertionError("no id in " + json);
    }

    private String juwsgi(int exitCode, String... arguments) throws Exception {
        try (RunningServer server = RunningServer.start(directory, arguments)) {
            int code = server.exitCode();
            assertThat(code).as(server.log()).isEqualTo(exitCode);
            return server.log();
        }
    }

    private String maven() throws Exception {
        Process process = new ProcessBuilder(
                        RunningServer.ROOT.resolve("mvnw").toString(),
                        "--offline",
                        "--batch-mode",
                        "-Dmaven.repo.local=" + installed(),
                        "-f",
                        "say-hello",
                        "package")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    /** A repository as it is after {@code ./mvnw install}: everything that this build has used, and the SPI. */
    private Path installed() throws IOException {
        Path used = Path.of(System.getProperty("juwsgi.repository"));
        Path repository = Files.createDirectory(directory.resolve("repository"));
        link(used, repository);
        Files.delete(repository.resolve("io"));
        link(used.resolve("io"), Files.createDirectory(repository.resolve("io")));
        Files.deleteIfExists(repository.resolve("io/juwsgi"));
        install(repository, "juwsgi", "");
        install(repository, "config", "config");
        install(repository, "protocol", "protocol");
        install(repository, "plugins-spi", "plugins/spi");
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
