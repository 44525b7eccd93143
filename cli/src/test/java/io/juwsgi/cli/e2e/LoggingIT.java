package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Where the lines of a running server go. */
final class LoggingIT {
    @TempDir
    Path directory;

    private static int status(HttpClient client, String uri) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void writesAFileThatMayBeRenamedOpenedAgainAndRemoved() throws Exception {
        Apps.write(directory, Apps.PATHS);
        LogFile log = new LogFile(directory.resolve("the.log"));
        LogFile renamed = new LogFile(directory.resolve("the.log.1"));
        try (HttpClient client = HttpClient.newHttpClient();
                RunningServer server = RunningServer.start(
                        directory,
                        "--http",
                        "127.0.0.1:0",
                        "--module",
                        "app:app",
                        "--logto",
                        log.path().toString(),
                        "--logfile-chmod",
                        "640",
                        "--log-date=%Y",
                        "--log-worker",
                        "--log-micros")) {
            String base = log.baseUri();
            log.await("^\\d{4} - spawned uWSGI worker 1 ");
            assertThat(status(client, base + "/sleep?0")).isEqualTo(200);
            log.await("^\\[worker 1\\] sleeping$");
            log.await("^\\[pid: .* GET /sleep\\?0 => generated 5 bytes in \\d+ micros");
            assertThat(Files.getPosixFilePermissions(log.path())).hasSize(3);

            Files.move(log.path(), renamed.path());
            server.signal("USR1");
            log.await("GET /again ", () -> status(client, base + "/again"));
            assertThat(renamed.lines()).anyMatch(line -> line.contains("spawned uWSGI worker 1 "));

            Files.delete(log.path());
            log.await("GET /removed ", () -> status(client, base + "/removed"));

            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(log.lines()).last().asString().contains("goodbye to juwsgi");
            assertThat(server.log()).isEmpty();
        }
    }

    @Test
    void touchedFilesAndLettersPutTheLogAside() throws Exception {
        Apps.write(directory, Apps.PATHS);
        LogFile log = new LogFile(directory.resolve("the.log"));
        LogFile aside = new LogFile(directory.resolve("the.log.1"));
        Path rotate = directory.resolve("rotate");
        Path reopen = directory.resolve("reopen");
        Path fifo = directory.resolve("fifo");
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0", "--module", "app:app"));
        arguments.addAll(List.of(
                "--logto",
                log.path().toString(),
                "--log-backupname",
                aside.path().toString()));
        arguments.addAll(List.of("--touch-logrotate", rotate.toString(), "--touch-logreopen", reopen.toString()));
        arguments.addAll(List.of("--master-fifo", fifo.toString()));
        try (RunningServer server = RunningServer.start(directory, arguments.toArray(String[]::new))) {
            log.await("juwsgi ctl bound on");
            Files.createFile(rotate);
            aside.await("^\\*\\*\\* .*rotate has been touched");
            Files.writeString(fifo, "s");
            log.await("^\\*\\*\\* statistics: ");
            Files.writeString(fifo, "L");
            aside.await("^\\*\\*\\* statistics: ");
            Files.createFile(reopen);
            log.await("^\\*\\*\\* .*reopen has been touched");
            Files.writeString(fifo, "lq");
            assertThat(server.exitCode()).isZero();
            assertThat(log.lines()).last().asString().contains("goodbye to juwsgi");
        }
    }

    @Test
    void writesEveryLineAsAJsonObject() throws Exception {
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server = RunningServer.start(
                directory, "--http", "127.0.0.1:0", "--module", "app:app", "--log-json", "--show-config")) {
            server.ready(1);
            assertThat(server.get("/raise").statusCode()).isEqualTo(500);
            String request = server.awaitLine(line -> line.contains("\"kind\":\"request\""));
            assertThat(request).contains("\"uri\":\"/raise\"", "\"status\":500", "\"worker\":1");
            String id = request.replaceFirst(".*\"id\":\"([0-9a-f]{16})\".*", "$1");
            String pid = request.replaceFirst(".*(\"worker\":1,\"pid\":[0-9]+),.*", "$1");
            server.awaitLine(line -> line.contains("\"kind\":\"application\",\"level\":\"INFO\"," + pid)
                    && line.contains("request_id=" + id));
            server.awaitLine(line -> line.contains("ValueError: a secret detail"));
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(server.log().lines()).isNotEmpty().allSatisfy(LoggingIT::isJsonObject);
        }
    }

    private static void isJsonObject(String line) {
        assertThat(line).startsWith("{\"time\":\"").endsWith("}");
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), line)) {
            int tokens = 0;
            while (parser.nextToken() != null) {
                tokens++;
            }
            assertThat(tokens).isGreaterThan(6);
        }
    }

    @Test
    void goesOnWhenNobodyReadsThePipeOfItsLog() throws Exception {
        Apps.write(directory, Apps.PATHS);
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(30, TimeUnit.SECONDS))
                .isTrue();
        try (RunningServer server = RunningServer.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--module",
                "app:app",
                "--req-logger",
                "file:" + pipe,
                "--log-format",
                "%(uri) " + "x".repeat(1000))) {
            server.ready(1);
            // A pipe takes 64 KiB; what waits for it takes 4 MiB more.
            for (int i = 0; i < 500; i++) {
                assertThat(server.get("/pid").statusCode()).isEqualTo(200);
            }
        }
    }
}
