package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New code comes without a lost request, whoever asks for it. */
class ReloadIT {
    @TempDir
    Path directory;

    @Test
    void aTouchedFileReloadsTheApplication() throws Exception {
        version("one");
        Path touched = directory.resolve("touched");
        try (RunningServer server = serve("--processes", "2", "--touch-reload", touched.toString())
                        .ready(2);
                Clients clients = new Clients(server, 8)) {
            assertThat(server.get("/").body()).isEqualTo("one");
            version("two");
            Files.createFile(touched);
            server.awaitLine("...gracefully killing workers...");
            clients.awaitAnswers(50);
            assertThat(server.get("/").body()).isEqualTo("two");
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void aChainReloadBringsNewCodeWorkerByWorker() throws Exception {
        version("one");
        Path chain = directory.resolve("chain");
        try (RunningServer server = serve("--processes", "2", "--lazy-apps", "--touch-chain-reload", chain.toString())
                        .ready(2);
                Clients clients = new Clients(server, 8)) {
            assertThat(server.get("/").body()).isEqualTo("one");
            version("two");
            int from = server.logSize();
            Files.createFile(chain);
            server.awaitLine(line -> line.startsWith("worker 1 buried"), from);
            server.awaitLine(line -> line.startsWith("worker 2 buried"), from);
            assertThat(server.get("/").body()).isEqualTo("two");
            clients.awaitAnswers(50);
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void aReloadReadsTheConfigurationAgain() throws Exception {
        Apps.write(directory, Apps.PATHS);
        Path ini = directory.resolve("site.ini");
        Path log = directory.resolve("requests.log");
        String common = "[uwsgi]\nenv = COLOUR=%s\nprocesses = %d\nthreads = %d\n";
        Files.writeString(ini, common.formatted("red", 1, 1));
        try (RunningServer server = serve("--ini", ini.toString()).ready(1)) {
            assertThat(server.get("/environ").statusCode()).isEqualTo(200);
            Files.writeString(
                    ini,
                    common.formatted("blue", 3, 2)
                            + "harakiri = 1\nlimit-post = 10\nlisten = 99\nscgi-socket = 127.0.0.1:0\nreq-logger = file:"
                            + log + "\nlog-format = %%(method) %%(uri) -> %%(status)\n");
            server.signal("HUP");
            server.awaitLine("generation 1 is ready");
            server.awaitLine("spawned uWSGI worker 3 (pid: ");
            server.awaitLine(line -> line.contains("(SIGUSR2) or a restart does: ")
                    && line.contains("listen")
                    && line.contains("scgi-socket"));
            // Connections of the router's old settings are kept; this client has none any more that is idle.
            try (HttpClient fresh = HttpClient.newHttpClient()) {
                HttpRequest slow =
                        HttpRequest.newBuilder(server.uri("/sleep?600")).build();
                assertThat(fresh.send(slow, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(504);
                HttpRequest large = HttpRequest.newBuilder(server.uri("/echo"))
                        .POST(BodyPublishers.ofString("x".repeat(11)))
                        .build();
                assertThat(fresh.send(large, BodyHandlers.discarding()).statusCode())
                        .isEqualTo(413);
            }
            new LogFile(log).await("^GET /sleep\\?600 -> 504");
            server.awaitLine(line -> line.startsWith("spawned uWSGI worker 3 ") && line.endsWith("cores: 2)"));
        }
    }

    @Test
    void aConfigurationThatIsWrongLeavesEverythingAsItWas() throws Exception {
        version("one");
        Path ini = Files.writeString(directory.resolve("site.ini"), "[uwsgi]\nprocesses = 2\n");
        try (RunningServer server = serve("--ini", ini.toString()).ready(2)) {
            Files.writeString(ini, "[uwsgi]\nprocesses = -3\nlog-format = changed\n");
            server.signal("HUP");
            server.awaitLine(
                    line -> line.startsWith("*** RELOAD FAILED: ") && line.contains(": processes = -3 (expected: "));
            assertThat(server.get("/").body()).isEqualTo("one");
            server.awaitLine(line -> line.contains(" GET / => "));
        }
    }

    @Test
    void whoSignalsAWorkerLosesNoRequest() throws Exception {
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server = serve("--processes", "2").ready(2);
                Clients clients = new Clients(server, 8)) {
            for (String signal : List.of("TERM", "HUP", "QUIT", "INT")) {
                String pid = server.get("/pid").body();
                new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
                server.awaitLine("(pid: " + pid + "): was asked to end by SIG" + signal);
                clients.awaitPidGone(Long.parseLong(pid));
            }
            clients.awaitAnswers(50);
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void pyAutoreloadNoticesAChangedModule() throws Exception {
        version("one");
        Files.writeString(directory.resolve("helper.py"), "TEXT = 'old'\n");
        Apps.write(directory, """
                def app(environ, start_response):
                    import helper
                    start_response('200 OK', [])
                    return [helper.TEXT.encode()]
                """);
        try (RunningServer server =
                serve("--processes", "1", "--py-autoreload", "1").ready(1)) {
            assertThat(server.get("/").body()).isEqualTo("old");
            // The worker must have seen the module before it changes: each look is a second from the last.
            Path helper = directory.resolve("helper.py");
            int version = 0;
            while (!server.log().contains("[uwsgi-python-reloader]")) {
                Files.writeString(helper, "TEXT = 'new" + version++ + "'\n");
                server.get("/");
            }
            server.awaitLine("helper.py has been modified");
            server.awaitLine("...gracefully killing workers...");
            // Until requests go to the new one the old one answers.
            while (server.get("/").body().equals("old")) {
                server.awaitLine("generation 1 is ready");
            }
            assertThat(server.get("/").body()).startsWith("new");
        }
    }

    private void version(String text) throws Exception {
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [str(os.getpid()).encode() if environ['PATH_INFO'] == '/pid' else b'VERSION']
                """.replace("VERSION", text));
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }
}
