package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What an author does first: {@code juwsgi plugin new}, a Maven build without a network, and the plugin in juwsgi. */
class PluginProjectIT {
    @TempDir
    Path directory;

    @Test
    void aNewProjectOfEachKindBuildsOfflineAndItsPluginWorks() throws Exception {
        List<String> kinds = List.of("filter", "handler", "async", "command", "service", "balancer", "route", "front");
        for (String kind : kinds) {
            assertThat(juwsgi(0, "plugin", "new", "my-" + kind, "--kind", kind))
                    .startsWith("written: my-" + kind + ", a ");
        }
        useMoreOfTheJdk(directory.resolve("my-handler/src/main/java/com/example/plugin/MyHandlerPlugin.java"));
        assertThat(maven(kinds)).containsPattern("Tests run: \\d+, Failures: 0, Errors: 0, Skipped: 0");

        String[] plugins =
                kinds.stream().flatMap(kind -> Stream.of("--plugin", jar(kind))).toArray(String[]::new);
        assertThat(juwsgi(0, with(plugins, "plugins")))
                .contains("my-filter 0.1.0  (" + jar("filter") + ", SPI 1, alpha, trusted-clients)\n"
                        + "    filter my-filter (transform)")
                .contains("    handler my-handler\n", "    handler my-async (asynchronous)\n")
                .contains(
                        "    command my-command\n",
                        "    service my-service\n",
                        "    balancer my-balancer\n",
                        "    protocol front my-front (front-socket my-front=ADDRESS)");
        assertThat(juwsgi(0, with(plugins, "--help"))).contains("--my-handler-greeting");
        assertThat(juwsgi(1, with(plugins, "--my-handler-greetng", "x")))
                .contains("unknown option --my-handler-greetng (did you mean --my-handler-greeting?)");
        assertThat(juwsgi(0, with(plugins, "my-command", "--my-command-greeting", "Good day")))
                .isEqualTo("Good day");
        Files.writeString(
                directory.resolve("a.conf"),
                "plugin = \"" + jar("handler") + "\"\nmy-handler { greetng = x }\nhttp-cache { size = lots }\n");
        assertThat(juwsgi(1, "check", "a.conf"))
                .contains("warning: a.conf:2: unknown option my-handler-greetng (did you mean my-handler-greeting?)")
                .contains("error: a.conf:3: http-cache-size = lots (expected: a size such as 512, 64k, 10m or 1g)");
        try (RunningServer server = RunningServer.start(
                directory,
                with(
                        plugins,
                        "--http",
                        "127.0.0.1:0",
                        "--ctl-socket",
                        directory.resolve("ctl.sock").toString(),
                        "--front-socket",
                        "my-front=127.0.0.1:0",
                        "--my-filter",
                        "--my-handler",
                        "--my-async",
                        "--my-service",
                        "--upstreams",
                        "name=nobody,servers=127.0.0.1:1,balance=my-balancer",
                        "--routes",
                        "name=nobody,path=/nobody,upstream=nobody",
                        "--route-if",
                        "my-route:0-24 addheader:X-My-Route: yes"))) {
            HttpResponse<String> greeted = server.get("/my-handler/Ada");
            assertThat(greeted.body()).isEqualTo("Hello, Ada!\n");
            assertThat(greeted.headers().firstValue("x-myfilterplugin")).hasValue("yes");
            assertThat(greeted.headers().firstValue("x-my-route")).hasValue("yes");
            assertThat(line(server, "/my-handler/Eva")).isEqualTo("Hello, Eva!");
            assertThat(server.get("/my-async").statusCode()).isEqualTo(503);
            assertThat(server.get("/nobody").statusCode()).isEqualTo(502);
            server.awaitLine("ctl bound on");
            String socket = directory.resolve("ctl.sock").toString();
            assertThat(juwsgi(0, "ctl", "--ctl-socket", socket, "my-service", "status"))
                    .matches("done: [1-9][0-9]*");
            assertThat(juwsgi(0, "ctl", "--ctl-socket", socket, "metrics", "my_service"))
                    .contains("juwsgi_my_service_done_total");
        }
    }

    private static String line(RunningServer server, String path) throws IOException {
        URI front = URI.create(server.boundUri("my-front"));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.getPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write((path + "\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    private static String jar(String kind) {
        return "my-" + kind + "/target/my-" + kind + "-0.1.0.jar";
    }

    private static String[] with(String[] plugins, String... arguments) {
        return Stream.concat(Stream.of(arguments), Stream.of(plugins)).toArray(String[]::new);
    }

    @Test
    void pluginsAreListedAsJson() throws Exception {
        assertThat(firstId(juwsgi(0, "plugins", "--json"))).isEqualTo("access");
        assertThat(juwsgi(0, "plugins", "--json"))
                .contains("\"status\":\"stable\",\"trust\":\"hardened\"")
                .contains("{\"kind\":\"filter\",\"id\":\"http-cache\",\"detail\":\"cache\"}")
                .contains("{\"kind\":\"language\",\"id\":\"python\",\"detail\":\"modifier1 0, 30\"}");
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
                        register + "\n"
                                + "        java.util.Objects.requireNonNull(java.net.http.HttpClient.newBuilder());\n"
                                + "       "
                                + " java.util.Objects.requireNonNull(java.sql.Date.valueOf(\"2026-01-01\"));"));
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

    /** Builds all projects at once: what Maven needs for itself is by far the most of it. */
    private String maven(List<String> kinds) throws Exception {
        Files.writeString(
                directory.resolve("pom.xml"),
                "<project><modelVersion>4.0.0</modelVersion><groupId>all</groupId><artifactId>all</artifactId>"
                        + "<version>1</version><packaging>pom</packaging><modules>"
                        + kinds.stream()
                                .map(kind -> "<module>my-" + kind + "</module>")
                                .collect(Collectors.joining())
                        + "</modules></project>");
        Process process = new ProcessBuilder(
                        RunningServer.ROOT.resolve("mvnw").toString(),
                        "--offline",
                        "--batch-mode",
                        "-Dmaven.repo.local=" + InstalledRepository.in(directory),
                        "package")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
