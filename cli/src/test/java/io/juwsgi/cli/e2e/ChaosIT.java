package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to workers, clients get an answer, and the log says what happened. Bounded to some seconds a test;
 * {@code -Djuwsgi.chaos.seconds=30} gives those that repeat a fault more time.
 */
class ChaosIT {
    private static final int CONNECTIONS = 64;

    private static final String MISBEHAVING = """
            import os, signal, socket, sys, time
            kept = []

            def sockets():
                for name in os.listdir('/proc/self/fd'):
                    try:
                        if os.readlink('/proc/self/fd/' + name).startswith('socket:'):
                            yield socket.socket(fileno=os.dup(int(name)))
                    except OSError:
                        pass

            def app(environ, start_response):
                environ['wsgi.input'].read()
                path = environ['PATH_INFO']
                if path == '/close':
                    for each in sockets():
                        try:
                            each.shutdown(socket.SHUT_RDWR)
                        except OSError:
                            pass
                if path == '/garbage':
                    for each in sockets():
                        try:
                            each.send(b'\\xff' * 64)
                        except OSError:
                            pass
                if path == '/exit':
                    os._exit(3)
                if path == '/block':
                    import ctypes
                    # Unlike CDLL this one keeps the interpreter's lock, as a bad extension does.
                    ctypes.PyDLL(None).sleep(600)
                if path == '/stop':
                    os.kill(os.getpid(), signal.SIGSTOP)
                if path == '/ran':
                    with open('ran', 'a') as ran:
                        ran.write('x')
                    print('in flight', flush=True)
                    time.sleep(600)
                if path == '/fork':
                    child = os.fork()
                    if child == 0:
                        print('a child of the application', flush=True)
                        time.sleep(600)
                        os._exit(0)
                    kept.append(child)
                if path == '/stderr':
                    for _ in range(20000):
                        sys.stderr.write('x' * 100 + '\\n')
                if path == '/leak':
                    kept.append(b'x' * 200 * 1024 * 1024)
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [str(os.getpid()).encode()]
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, MISBEHAVING);
    }

    @Test
    void noRequestFailsWhileARandomWorkerIsKilledEvery200Milliseconds() throws Exception {
        long seed = Long.getLong("juwsgi.chaos.seed", System.nanoTime());
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        try (RunningServer server = serve("--processes", "4", "--threads", "2").ready(4);
                Clients clients = new Clients(server, CONNECTIONS)) {
            clients.awaitAnswers(CONNECTIONS);
            repeat(times(5, 200), 200, () -> {
                List<ProcessHandle> workers = workers(server);
                if (!workers.isEmpty()) {
                    workers.get(random.nextInt(workers.size())).destroyForcibly();
                }
            });
            clients.awaitAnswers(2 * CONNECTIONS);
            tell("kills of workers, seed " + seed, clients);
            assertThat(clients.failures())
                    .as("seed %d; log:\n%s", seed, server.log())
                    .isEmpty();
            assertThat(server.log()).contains("killed by signal 9 (SIGKILL)");
        }
    }

    @Test
    void noRequestFailsWhileTheServerReloadsEveryTwoSeconds() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--threads", "2").ready(2);
                Clients clients = new Clients(server, CONNECTIONS)) {
            clients.awaitAnswers(CONNECTIONS);
            int reloads = times(6, 2000);
            repeat(reloads, 2000, () -> signal(server, "HUP"));
            // A signal that comes during a reload is followed by one more, however many there were.
            server.awaitLine(line -> line.matches("generation [1-9][0-9]* is ready"));
            clients.awaitAnswers(2 * CONNECTIONS);
            tell("reloads", clients);
            assertThat(clients.failures()).as("log:\n%s", server.log()).isEmpty();
        }
    }

    @Test
    void aPostInAWorkerThatIsKilledGets502AndIsNeverRunAgain() throws Exception {
        try (RunningServer server = serve("--processes", "2").ready(2);
                ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> answer = tasks.submit(() -> post(server, "/ran"));
            server.awaitLine("in flight");
            workers(server).forEach(ProcessHandle::destroyForcibly);
            assertThat(answer.get().statusCode()).isEqualTo(502);
            server.awaitLine("killed by signal 9 (SIGKILL)");
            server.awaitLine(line -> line.contains("POST /ran => ") && line.contains("why=worker-died"));
            serves(server);
            assertThat(directory.resolve("ran")).hasContent("x");
        }
    }

    @Test
    void aRequestInAWorkerThatLeavesGets502AndTheLogTellsTheExitCode() throws Exception {
        try (RunningServer server = serve("--processes", "2").ready(2)) {
            assertThat(post(server, "/exit").statusCode()).isEqualTo(502);
            server.awaitLine(line -> line.contains("DAMN ! worker") && line.contains("died, exit code 3"));
            serves(server);
        }
    }

    @Test
    void aRequestInAWorkerThatClosesItsConnectionsGets502() throws Exception {
        try (RunningServer server = serve("--processes", "2").ready(2)) {
            assertThat(post(server, "/close").statusCode()).isEqualTo(502);
            server.awaitLine("Respawned uWSGI worker");
            serves(server);
        }
    }

    @Test
    void aRequestInAWorkerThatWritesGarbageGets502() throws Exception {
        try (RunningServer server = serve("--processes", "2").ready(2)) {
            assertThat(post(server, "/garbage").statusCode()).isEqualTo(502);
            server.awaitLine("Respawned uWSGI worker");
            serves(server);
        }
    }

    @Test
    void aRequestInAWorkerThatIsStoppedGets504AndTheWorkerIsReplaced() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--harakiri", "1").ready(2)) {
            assertThat(post(server, "/stop").statusCode()).isEqualTo(504);
            server.awaitLine("it will be killed, replacement now");
            server.awaitLine("Respawned uWSGI worker");
            serves(server);
        }
    }

    @Test
    void aRequestThatBlocksInCGets504AndTheWorkerIsReplaced() throws Exception {
        try (RunningServer server = serve(
                        "--processes", "2", "--harakiri", "1", "--harakiri-graceful-timeout", "1", "--harakiri-verbose")
                .ready(2)) {
            assertThat(post(server, "/block").statusCode()).isEqualTo(504);
            server.awaitLine("(no stack: the process does not react)");
            server.awaitLine(line -> line.contains("  thread ") && line.contains("state=S") && line.contains("wchan="));
            server.awaitLine("it will be killed, replacement now");
            server.awaitLine("Respawned uWSGI worker");
            serves(server);
        }
    }

    @Test
    void whatAWorkerForksHoldsUpNeitherItsReplacementNorTheStop() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1)) {
            assertThat(post(server, "/fork").statusCode()).isEqualTo(200);
            workers(server).forEach(ProcessHandle::destroyForcibly);
            server.awaitLine("a child of the application");
            server.awaitLine("Respawned uWSGI worker 1");
            serves(server);
            signal(server, "INT");
            server.awaitLine("goodbye to juwsgi.");
        }
    }

    @Test
    void aWorkerThatWritesMuchIsNotHeldUp() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1)) {
            assertThat(post(server, "/stderr").statusCode()).isEqualTo(200);
            serves(server);
            // Where the reader of the log is too slow lines are dropped, and counted.
            server.awaitLine(line -> line.equals("x".repeat(100)));
            signal(server, "INT");
            assertThat(server.exitCode()).isZero();
            long written = server.log().lines().filter("x".repeat(100)::equals).count();
            assertThat(written == 20000 || server.log().contains("lines were dropped"))
                    .isTrue();
        }
    }

    @Test
    void aWorkerThatLeaksIsReplacedBeforeAnybodyNotices() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--reload-on-rss", "150", "--min-worker-lifetime", "0")
                        .ready(2);
                Clients clients = new Clients(server, 8)) {
            assertThat(post(server, "/leak").statusCode()).isEqualTo(200);
            server.awaitLine("(reload-on-rss: 150), it will be replaced");
            server.awaitLine("buried after");
            clients.awaitAnswers(50);
            assertThat(clients.failures()).isEmpty();
        }
    }

    /** What a run has done, for those who keep results. */
    private static void tell(String what, Clients clients) {
        System.out.println("chaos: " + what + ": " + clients.answered() + " requests, "
                + clients.failures().size() + " kinds of failures");
    }

    /** Returns how often something happens every so many milliseconds in the time that the build gives chaos. */
    private static int times(int usualSeconds, int millis) {
        int seconds = Integer.getInteger("juwsgi.chaos.seconds", usualSeconds);
        return Math.max(1, seconds * 1000 / millis);
    }

    private static void serves(RunningServer server) throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    /** A request that may not be repeated. */
    private static HttpResponse<String> post(RunningServer server, String path) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri(path)).POST(BodyPublishers.ofString("once")));
    }

    /** Returns the processes whose parent is a zygote. */
    private static List<ProcessHandle> workers(RunningServer server) {
        return ProcessHandle.of(server.pid()).stream()
                .flatMap(ProcessHandle::children)
                .flatMap(ProcessHandle::children)
                .toList();
    }

    private static void signal(RunningServer server, String name) {
        try {
            server.signal(name);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void repeat(int times, int millis, Runnable action) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(times);
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            clock.scheduleAtFixedRate(
                    () -> {
                        action.run();
                        done.countDown();
                    },
                    0,
                    millis,
                    TimeUnit.MILLISECONDS);
            assertThat(done.await(120, TimeUnit.SECONDS)).isTrue();
            clock.shutdownNow();
        }
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }
}
