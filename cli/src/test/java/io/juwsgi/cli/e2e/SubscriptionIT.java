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
                    "--master-fifo=" + fifo,
                    "--subscribe2=server=" + socket + ",key=127.0.0.1,weight=2")) {
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
