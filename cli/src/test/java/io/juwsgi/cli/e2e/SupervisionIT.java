package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers die, hang and are reloaded; clients do not notice, or get a proper answer. */
class SupervisionIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void aKilledWorkerIsReplacedAndItsDeathToldWithTheSignal() throws Exception {
        try (RunningServer server = serve("--processes", "2")) {
            long pid = Long.parseLong(server.get("/pid").body());
            kill(pid);
            server.awaitLine(line ->
                    line.contains("(pid: " + pid + ")") && line.contains("signal 9") && line.contains("SIGKILL"));
            server.awaitLine("Respawned");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void noRequestIsLostWhileWorkersAreKilled() throws Exception {
        try (RunningServer server = serve("--processes", "3", "--threads", "2");
                Clients clients = new Clients(server, 8)) {
            for (int round = 0; round < 6; round++) {
                clients.awaitAnswers(100);
                kill(Long.parseLong(server.get("/pid").body()));
            }
            clients.awaitAnswers(200);
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void noRequestIsLostDuringReloads() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--threads", "2");
                Clients clients = new Clients(server, 8)) {
            for (int round = 0; round < 3; round++) {
                long before = Long.parseLong(server.get("/pid").body());
                int from = server.logSize();
                server.signal("HUP");
                server.awaitWorker(2, from);
                clients.awaitAnswers(200);
                clients.awaitPidGone(before);
            }
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void aReloadThatFailsToImportLeavesTheOldCodeServing() throws Exception {
        try (RunningServer server = serve("--processes", "2")) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            Files.writeString(directory.resolve("app.py"), "raise RuntimeError('new code is broken')\n");
            server.signal("HUP");
            server.awaitLine("new code is broken");
            assertThat(server.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void harakiriAnswers504AndLogsWhereThePythonThreadStands() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--harakiri", "1")) {
            var answer = server.get("/sleep?600");
            assertThat(answer.statusCode()).isEqualTo(504);
            server.awaitLine("time.sleep(float(environ['QUERY_STRING']))");
            server.awaitLine(line -> line.contains("/sleep?600"));
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void workersAreReplacedAfterMaxRequestsWithoutAFailure() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--max-requests", "50", "--min-worker-lifetime", "0");
                Clients clients = new Clients(server, 4)) {
            clients.awaitAnswers(1000);
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.pids()).hasSizeGreaterThan(4);
        }
    }

    @Test
    void aWorkerThatDiesWithANonRepeatableRequestGives502AndRunsItOnce() throws Exception {
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    environ['wsgi.input'].read()
                    if environ['REQUEST_METHOD'] == 'POST':
                        with open('ran', 'a') as ran:
                            ran.write('x')
                        os._exit(3)
                    start_response('200 OK', [])
                    return [b'hello']
                """);
        try (RunningServer server = serve("--processes", "2")) {
            var post = java.net.http.HttpRequest.newBuilder(server.uri("/"))
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString("once"));
            var answer = server.send(post);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(Files.readString(directory.resolve("ran"))).isEqualTo("x");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void interruptStopsAtOnceWithZero() throws Exception {
        try (RunningServer server = serve("--processes", "2")) {
            server.get("/");
            server.signal("INT");
            assertThat(server.exitCode()).isZero();
            assertThat(server.log()).contains("goodbye");
        }
    }

    @Test
    void terminateLetsARunningRequestFinish() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--threads", "2")) {
            server.get("/");
            ExecutorService one = Executors.newSingleThreadExecutor();
            Future<String> slow = one.submit(() -> server.get("/sleep?2").body());
            server.awaitLine("sleeping");
            server.signal("TERM");
            assertThat(slow.get()).isEqualTo("slept");
            assertThat(server.exitCode()).isZero();
            one.shutdown();
        }
    }

    @Test
    void noWorkerOutlivesAKilledMaster() throws Exception {
        try (RunningServer server = serve("--processes", "2")) {
            ProcessHandle worker =
                    ProcessHandle.of(Long.parseLong(server.get("/pid").body())).orElseThrow();
            server.signal("KILL");
            worker.onExit().get(10, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(worker.isAlive()).isFalse();
        }
    }

    private RunningServer serve(String... more) throws Exception {
        String[] arguments = new String[more.length + 8];
        System.arraycopy(
                new String[] {
                    "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON
                },
                0,
                arguments,
                0,
                8);
        System.arraycopy(more, 0, arguments, 8, more.length);
        return RunningServer.start(directory, arguments);
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
