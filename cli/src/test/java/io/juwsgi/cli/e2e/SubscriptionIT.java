package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** uWSGI's subscriptions between real uWSGI and juwsgi, both ways, and among juwsgi. */
@Timeout(180)
class SubscriptionIT {
    @TempDir
    Path directory;

    private Path gateway;
    private Path behind;

    @BeforeEach
    void applications() throws Exception {
        gateway = Files.createDirectory(directory.resolve("gateway"));
        behind = Files.createDirectory(directory.resolve("behind"));
        Apps.write(behind, Apps.PATHS);
    }

    private static int freeUdpPort() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitStatus(RunningServer server, int wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int status = server.get("/").statusCode();
        while (status != wanted) {
            assertThat(System.nanoTime()).as("status " + status).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
            status = server.get("/").statusCode();
        }
    }

    @Test
    void aRealUwsgiSubscribesAndLeaves() throws Exception {
        int port = freeUdpPort();
        try (RunningServer server =
                RunningServer.start(gateway, "--http=127.0.0.1:0", "--http-subscription-server=127.0.0.1:" + port)) {
            assertThat(server.get("/").statusCode()).isEqualTo(503);
            String key = server.uri("/").getAuthority();
            try (ForeignServer uwsgi = ForeignServer.uwsgiApp(
                    behind, ForeignServer.freePort(), "--master", "--subscribe-to", "127.0.0.1:" + port + ":" + key)) {
                awaitStatus(server, 200);
                assertThat(server.get("/environ?q=1").body()).contains("QUERY_STRING=q=1");
            }
            // It says goodbye: far sooner than the tolerance.
            awaitStatus(server, 503);
        }
    }

    @Test
    void juwsgiSubscribesToJuwsgiByAUnixSocket() throws Exception {
        Path socket = directory.resolve("subscriptions.sock");
        Path fifo = directory.resolve("fifo");
        try (RunningServer server = RunningServer.start(
                gateway, "--http=127.0.0.1:0", "--http-subscription-server=" + socket, "--subscription-dotsplit")) {
            int port = ForeignServer.freePort();
            try (RunningServer app = RunningServer.start(
                    behind,
                    "--socket=127.0.0.1:" + port,
                    "--wsgi-file=app.py",
                    "--callable=app",
                    "--subscribe-freq=1",
                    "--start-unsubscribed",
                    "--master-fifo=" + fifo,
                    "--subscribe2=server=" + socket + ",key=127.0.0.1,weight=2")) {
                app.awaitLine("ctl bound on");
                Files.writeString(fifo, "S");
                app.awaitLine("master-fifo: S: {announced=true}");
                awaitStatus(server, 200);
                assertThat(server.get("/").body()).isEqualTo("hello");
                Files.writeString(fifo, "S");
                awaitStatus(server, 503);
                app.awaitLine("master-fifo: S: {announced=false}");
                Files.writeString(fifo, "S");
                awaitStatus(server, 200);
            }
            awaitStatus(server, 503);
        }
    }

    @Test
    void juwsgiSubscribesToARealUwsgi() throws Exception {
        int port = freeUdpPort();
        int http = ForeignServer.freePort();
        Path own = Files.createDirectory(directory.resolve("router"));
        try (ForeignServer router = ForeignServer.uwsgiRouter(own, http, port);
                RunningServer app = RunningServer.start(
                        behind,
                        "--socket=127.0.0.1:" + ForeignServer.freePort(),
                        "--wsgi-file=app.py",
                        "--callable=app",
                        "--subscribe-freq=1",
                        "--subscribe-to=127.0.0.1:" + port + ":127.0.0.1:" + http)) {
            app.awaitLine("bound on");
            assertThat(awaitBody(router.base() + "/")).isEqualTo("hello");
        }
    }

    private RunningServer router(int port, String... more) throws Exception {
        List<String> all =
                new ArrayList<>(List.of("--http=127.0.0.1:0", "--http-subscription-server=127.0.0.1:" + port));
        all.addAll(List.of(more));
        RunningServer server = RunningServer.start(gateway, all.toArray(String[]::new));
        server.baseUri();
        return server;
    }

    private RunningServer subscriber(int to, String key, String... more) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "--socket=127.0.0.1:" + ForeignServer.freePort(),
                "--wsgi-file=app.py",
                "--callable=app",
                "--subscribe-freq=3600",
                "--subscribe-to=127.0.0.1:" + to + ":" + key));
        all.addAll(List.of(more));
        return RunningServer.start(behind, all.toArray(String[]::new));
    }

    @Test
    void goodbyeIsSaidBeforeTheLastRequestsAreOver() throws Exception {
        Apps.write(behind, """
                import os, time
                def app(environ, start_response):
                    if environ['PATH_INFO'] == '/wait':
                        print('waiting', flush=True)
                        while not os.path.exists('release'):
                            time.sleep(0.05)
                    start_response('200 OK', [('Content-Length', '5')])
                    return [b'hello']
                """);
        int port = freeUdpPort();
        Path fifo = directory.resolve("fifo");
        try (RunningServer server = router(port);
                RunningServer app =
                        subscriber(port, "127.0.0.1", "--master-fifo=" + fifo, "--worker-reload-mercy=60")) {
            awaitStatus(server, 200);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var slow = threads.submit(() -> server.get("/wait").body());
                app.awaitLine("waiting");
                Files.writeString(fifo, "q");
                awaitStatus(server, 503);
                assertThat(slow.isDone()).isFalse();
                Files.createFile(behind.resolve("release"));
                assertThat(slow.get()).isEqualTo("hello");
            }
        }
    }

    private static void upgrade(RunningServer server, List<ProcessHandle> successors) throws Exception {
        server.signal("USR2");
        String line = server.awaitLine(" serves now");
        long pid = Long.parseLong(line.replaceFirst(".*process ([0-9]+) serves now.*", "$1"));
        successors.add(ProcessHandle.of(pid).orElseThrow());
    }

    @Test
    void upgradesOfBothSidesLoseNobody() throws Exception {
        int port = freeUdpPort();
        List<ProcessHandle> successors = new ArrayList<>();
        try (RunningServer server = router(port, "--subscription-tolerance=3600");
                RunningServer app = subscriber(port, "127.0.0.1")) {
            awaitStatus(server, 200);
            upgrade(app, successors);
            assertThat(app.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            upgrade(server, successors);
            assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.get("/").body()).isEqualTo("hello");
        } finally {
            successors.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void announcementsArePassedOnToOtherRouters() throws Exception {
        int first = freeUdpPort();
        int second = freeUdpPort();
        try (RunningServer far = router(second);
                RunningServer near = router(first, "--http-resubscribe=127.0.0.1:" + second)) {
            try (RunningServer _ = subscriber(first, "127.0.0.1")) {
                awaitStatus(near, 200);
                awaitStatus(far, 200);
            }
            awaitStatus(far, 503);
        }
    }

    @Test
    void announcementsArePassedOnToARealUwsgi() throws Exception {
        int first = freeUdpPort();
        int second = freeUdpPort();
        int http = ForeignServer.freePort();
        Path own = Files.createDirectory(directory.resolve("router"));
        try (ForeignServer far = ForeignServer.uwsgiRouter(own, http, second);
                RunningServer near = RunningServer.start(
                        gateway,
                        "--fastrouter=127.0.0.1:0",
                        "--fastrouter-subscription-server=127.0.0.1:" + first,
                        "--fastrouter-resubscribe=127.0.0.1:" + second,
                        "--fastrouter-resubscribe-bind=127.0.0.1:" + freeUdpPort())) {
            near.awaitLine("subscription server bound on");
            try (RunningServer _ = subscriber(first, "127.0.0.1:" + http)) {
                assertThat(awaitBody(far.base() + "/")).isEqualTo("hello");
            }
        }
    }

    private ForeignServer uwsgi(int to, String more) throws Exception {
        return ForeignServer.uwsgiApp(
                Files.createTempDirectory(behind, "uwsgi"),
                ForeignServer.freePort(),
                "--chdir=" + behind,
                "--master",
                "--unsubscribe-on-graceful-reload",
                "--subscribe2=server=127.0.0.1:" + to + ",key=127.0.0.1" + more);
    }

    @Test
    void realUwsgisGetTheShareOfTheirWeights() throws Exception {
        int port = freeUdpPort();
        try (RunningServer server = router(port);
                ForeignServer _ = uwsgi(port, ",weight=3");
                ForeignServer _ = uwsgi(port, ",weight=1")) {
            awaitStatus(server, 200);
            Map<String, Integer> shares = shares(server, 8);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!List.of(2, 6).equals(shares.values().stream().sorted().toList())) {
                assertThat(System.nanoTime()).as("%s", shares).isLessThan(deadline);
                shares = shares(server, 8);
            }
        }
    }

    private static Map<String, Integer> shares(RunningServer server, int requests) throws Exception {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < requests; i++) {
            shares.merge(server.get("/pid").body(), 1, Integer::sum);
        }
        return shares;
    }

    @Test
    void whoReloadsCostsNoRequest() throws Exception {
        int port = freeUdpPort();
        try (RunningServer server = router(port);
                ForeignServer uwsgi = uwsgi(port, "");
                RunningServer app = subscriber(port, "127.0.0.1")) {
            awaitStatus(server, 200);
            app.awaitLine("spawned uWSGI worker 1");
            try (Clients clients = new Clients(server, 4)) {
                awaitPids(clients, 2);
                uwsgi.reload();
                awaitPids(clients, 3);
                app.signal("HUP");
                awaitPids(clients, 4);
                clients.awaitAnswers(100);
                assertThat(clients.failures()).isEmpty();
            }
        }
    }

    private static void awaitPids(Clients clients, int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (clients.pids().size() < count) {
            assertThat(System.nanoTime()).as("%s", clients.pids()).isLessThan(deadline);
            clients.awaitAnswers(10);
        }
    }

    /** A router of uWSGI that has nobody closes the connection. */
    private static String awaitBody(String uri) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    var answer =
                            client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
                    if (answer.statusCode() == 200) {
                        return answer.body();
                    }
                } catch (java.io.IOException e) {
                    // Not yet.
                }
                assertThat(System.nanoTime()).isLessThan(deadline);
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }
}
