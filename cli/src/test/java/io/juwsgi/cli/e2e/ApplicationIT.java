package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ways to name an application, and what applications may do, from the outside. */
class ApplicationIT {
    @TempDir
    Path directory;

    @Test
    void theFileWrapperSendsALargeFileWhole() throws Exception {
        byte[] content = new byte[80 << 20];
        new Random(1).nextBytes(content);
        Files.write(directory.resolve("large.bin"), content);
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    file = open('large.bin', 'rb')
                    file.seek(1000)
                    start_response('200 OK', [('Content-Length', str(os.path.getsize('large.bin') - 1000))])
                    return environ['wsgi.file_wrapper'](file)
                """);
        try (RunningServer server = serve("--module", "app:app");
                HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofByteArray());
            assertThat(answer.body().length).isEqualTo(content.length - 1000);
            assertThat(java.util.Arrays.equals(answer.body(), 0, answer.body().length, content, 1000, content.length))
                    .isTrue();
        }
    }

    @Test
    void aVirtualenvGivesTheInterpreterAndItsPackages() throws Exception {
        Path virtualenv = directory.resolve("venv");
        assertThat(new ProcessBuilder(Apps.PYTHON, "-m", "venv", "--without-pip", virtualenv.toString())
                        .start()
                        .waitFor())
                .isZero();
        try (var libraries = Files.newDirectoryStream(virtualenv.resolve("lib"), "python3*")) {
            Files.writeString(
                    libraries.iterator().next().resolve("site-packages/onlyhere.py"), "WORD = 'from the venv'\n");
        }
        Apps.write(directory, """
                import sys
                import onlyhere
                def application(environ, start_response):
                    start_response('200 OK', [])
                    return [f'{onlyhere.WORD} {sys.prefix}'.encode()]
                """);
        try (RunningServer server = serve("--module", "app", "--virtualenv", virtualenv.toString())) {
            assertThat(server.get("/").body()).isEqualTo("from the venv " + virtualenv.toRealPath());
            assertThat(server.log()).contains(virtualenv.resolve("bin/python").toString());
        }
    }

    @Test
    void aFactoryIsCalledAndSettingsReachThePythonSide() throws Exception {
        Files.createDirectories(directory.resolve("src/pkg"));
        Files.writeString(directory.resolve("src/pkg/__init__.py"), """
                import os, sys
                def make():
                    def app(environ, start_response):
                        start_response('200 OK', [])
                        return [' '.join([os.environ['WORD'], sys.argv[1], os.getcwd()]).encode()]
                    return app
                """);
        try (RunningServer server = serve(
                "--module",
                "pkg:make()",
                "--pythonpath",
                directory.resolve("src").toString(),
                "--env",
                "WORD=hello",
                "--pyargv",
                "argument",
                "--chdir",
                directory.resolve("src").toString())) {
            assertThat(server.get("/").body())
                    .isEqualTo("hello argument " + directory.resolve("src").toRealPath());
        }
    }

    @Test
    void mountedApplicationsGetTheirOwnPaths() throws Exception {
        String source = """
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [f"{__name__} {environ['SCRIPT_NAME']} {environ['PATH_INFO']}".encode()]
                """;
        Files.writeString(directory.resolve("one.py"), source);
        Files.writeString(directory.resolve("two.py"), source);
        try (RunningServer server =
                serve("--mount", "/one=one:app", "--mount", "/one/two=two:app", "--manage-script-name")) {
            assertThat(server.get("/one/x").body()).isEqualTo("one /one /x");
            assertThat(server.get("/one/two/y").body()).isEqualTo("two /one/two /y");
        }
    }

    @Test
    void lazyAppsAreLoadedInEachWorker() throws Exception {
        Apps.write(directory, """
                import os
                LOADED_IN = os.getpid()
                def app(environ, start_response):
                    start_response('200 OK', [])
                    return [str(LOADED_IN == os.getpid()).encode()]
                """);
        try (RunningServer server = serve("--module", "app:app", "--lazy-apps", "--processes", "2")) {
            assertThat(server.get("/").body()).isEqualTo("True");
        }
    }

    @Test
    void anExceptionGives500WithoutDetailsAndTheTracebackUnderTheRequestIdInTheLog() throws Exception {
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server = serve("--module", "app:app")) {
            var answer = server.get("/raise");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("secret", "Traceback");
            String id = answer.body().replaceFirst("(?s).*\\b([0-9a-f]{16})\\b.*", "$1");
            server.awaitLine("ValueError: a secret detail");
            server.awaitLine(line -> line.contains(id));
        }
    }

    @Test
    void statsAreTheJsonThatUwsgitopReads() throws Exception {
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server = serve("--module", "app:app", "--processes", "2", "--stats", "127.0.0.1:0")) {
            server.get("/");
            String address = server.awaitLine("stats bound on").replaceFirst(".*stats bound on ", "");
            Process reader = new ProcessBuilder(Apps.PYTHON, "-c", STATS_READER, address)
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(reader.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("2 workers, 1 requests\n");
        }
    }

    /** What uwsgitop does: connect, read to the end, parse, and ask for these keys. */
    private static final String STATS_READER = """
            import json, socket, sys
            host, port = sys.argv[1].rsplit(':', 1)
            connection = socket.create_connection((host, int(port)))
            text = b''
            while part := connection.recv(4096):
                text += part
            stats = json.loads(text)
            for key in ('version', 'listen_queue', 'load', 'cwd', 'uid', 'gid', 'locks', 'sockets', 'workers'):
                assert key in stats, key
            for worker in stats['workers']:
                for key in ('id', 'pid', 'requests', 'exceptions', 'status', 'rss', 'vsz', 'tx', 'avg_rt', 'apps',
                            'cores', 'running_time', 'last_spawn', 'respawn_count', 'accepting', 'signals',
                            'harakiri_count', 'delta_requests'):
                    assert key in worker, key
            print(len(stats['workers']), 'workers,', sum(w['requests'] for w in stats['workers']), 'requests')
            """;

    private RunningServer serve(String... more) throws Exception {
        String[] arguments = java.util.Arrays.copyOf(more, more.length + 2);
        arguments[more.length] = "--http";
        arguments[more.length + 1] = "127.0.0.1:0";
        return RunningServer.start(directory, arguments);
    }
}
