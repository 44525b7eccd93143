package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
    void nothingOutlivesAKilledServerNorKeepsTheNextFromStarting() throws Exception {
        String[] sockets = {
            "--http-socket", directory.resolve("web.sock").toString(),
            "--ctl-socket", directory.resolve("ctl.sock").toString(),
            "--master-fifo", directory.resolve("fifo").toString(),
            "--stats", directory.resolve("stats.sock").toString(),
            "--processes", "3"
        };
        try (RunningServer server = serve(sockets).ready(3)) {
            server.awaitLine("juwsgi stats bound on");
            List<ProcessHandle> all = server.process().toHandle().descendants().toList();
            assertThat(all).hasSizeGreaterThanOrEqualTo(4);
            server.signal("KILL");
            assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            while (all.stream().anyMatch(SupervisionIT::runs)) {
                assertThat(System.nanoTime()).as("%s", all).isLessThan(deadline);
                Thread.onSpinWait();
            }
        }
        try (RunningServer next = serve(sockets).ready(3)) {
            next.awaitLine("removed what a killed server left");
            assertThat(next.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void stopsWithAThousandIdleConnections() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (RunningServer server = serve("--processes", "2").ready(2)) {
            byte[] request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1000; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port());
                clients.add(client);
                client.getOutputStream().write(request);
            }
            for (Socket client : clients) {
                assertThat(client.getInputStream().read()).isEqualTo('H');
            }
            server.signal("TERM");
            // The mercy is a minute: had a connection been waited for, this would not end in time.
            assertThat(server.exitCode()).isZero();
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aRequestThatWaitsTooLongGets503WithRetryAfter() throws Exception {
        String[] options = {"--queue-timeout", "1", "--queue-limit", "1"};
        try (RunningServer server = serve(options).ready(1);
                ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            // Nobody waits for its answer: the server ends first.
            var _ = tasks.submit(() -> server.get("/sleep?600").statusCode());
            server.awaitLine("sleeping");
            var waited = server.get("/");
            assertThat(waited.statusCode()).isEqualTo(503);
            assertThat(waited.headers().firstValue("Retry-After")).isPresent();
            assertThat(waited.body()).contains("too busy");
            server.signal("INT");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void asProcessOneOfAContainerItReapsOrphansAndObeysSignals() throws Exception {
        Apps.write(directory, """
                import os
                def app(environ, start_response):
                    if os.fork() == 0:
                        if os.fork() == 0:
                            os.execvp('sleep', ['sleep', '0.2'])
                        os._exit(0)
                    os.wait()
                    start_response('200 OK', [])
                    return [b'hello']
                """);
        String[] command = {
            "--pid",
            "--fork",
            "--mount-proc",
            "--kill-child",
            RunningServer.ROOT.resolve("juwsgi").toString(),
            "--http",
            "127.0.0.1:0",
            "--module",
            "app:app",
            "--python",
            Apps.PYTHON
        };
        try (RunningServer server =
                RunningServer.startBy(Path.of("/usr/bin/unshare"), directory, java.util.Map.of(), command)) {
            server.ready(1);
            server.awaitLine("spawned uWSGI master process (pid: 1)");
            for (int i = 0; i < 5; i++) {
                assertThat(server.get("/").statusCode()).isEqualTo(200);
            }
            ProcessHandle one = server.process().children().findFirst().orElseThrow();
            // The zygote stays; whatever else was this process's child ends and is waited for.
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (one.children().count() > 1) {
                assertThat(System.nanoTime())
                        .as("orphans: %s", one.children().toList())
                        .isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(one.destroy()).isTrue();
            assertThat(server.exitCode()).isZero();
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

    /** A process that has ended stays in the table until its parent has asked for it, which may be a slow init by then. */
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return !stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return false;
        }
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
