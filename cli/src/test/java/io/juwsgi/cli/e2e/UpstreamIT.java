package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** juwsgi as the gateway in front of real uWSGI, Gunicorn and nginx. */
class UpstreamIT {
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

    @Test
    void httpToSpeaksTheUwsgiProtocolToRealUwsgi() throws Exception {
        try (ForeignServer uwsgi = ForeignServer.uwsgi(behind, ForeignServer.freePort());
                RunningServer server = RunningServer.start(
                        gateway, "--http", "127.0.0.1:0", "--http-to", uwsgi.address())) {
            answersEverything(server);
            assertThat(server.get("/environ?q=1").body())
                    .contains("QUERY_STRING=q=1", "REMOTE_ADDR=127.0.0.1", "HTTP_X_FORWARDED_PROTO=http");
        }
    }

    @Test
    void upstreamsOfAFileSpeakHttpToGunicornAndNginx() throws Exception {
        int port = ForeignServer.freePort();
        Path own = Files.createDirectory(directory.resolve("nginx"));
        try (ForeignServer gunicorn = ForeignServer.gunicorn(behind, ForeignServer.freePort());
                ForeignServer nginx = ForeignServer.nginx(
                        own, port, "server { listen 127.0.0.1:" + port + "; location / { return 200 nginx; } }")) {
            Files.writeString(gateway.resolve("juwsgi.conf"), """
                    http = "127.0.0.1:0"
                    upstreams {
                      app { servers = ["%s"], protocol = http, balance = least-connections }
                      files { servers = ["http://%s"] }
                    }
                    routes {
                      app { upstream = app }
                      files { path = /files, upstream = files }
                    }
                    """.formatted(gunicorn.address(), nginx.address()));
            try (RunningServer server = RunningServer.start(gateway, "--conf", "juwsgi.conf")) {
                answersEverything(server);
                assertThat(server.get("/files/x").body()).isEqualTo("nginx");
                gunicorn.close();
                assertThat(server.get("/").statusCode()).isEqualTo(502);
                server.awaitLine("why=upstream-refused");
            }
        }
    }

    private static void answersEverything(RunningServer server) throws Exception {
        assertThat(server.get("/").body()).isEqualTo("hello");
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) 'b');
        var echo = HttpRequest.newBuilder(server.uri("/count"));
        assertThat(server.send(echo.POST(BodyPublishers.ofByteArray(large))).body())
                .isEqualTo("" + large.length);
        assertThat(server.send(echo.POST(
                                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large, 0, 500_000))))
                        .body())
                .isEqualTo("500000");
        assertThat(server.get("/download?" + (32 << 20)).body()).hasSize(32 << 20);
    }

    @Test
    void requestsAreSpreadOverSeveralServersOneOfWhichMayGo() throws Exception {
        try (ForeignServer one = ForeignServer.uwsgi(behind, ForeignServer.freePort());
                ForeignServer two = ForeignServer.uwsgi(behind, ForeignServer.freePort());
                RunningServer server = RunningServer.start(
                        gateway,
                        "--http",
                        "127.0.0.1:0",
                        "--http-to",
                        one.address(),
                        "--http-to",
                        two.address())) {
            assertThat(pids(server)).hasSize(2);
            two.close();
            assertThat(pids(server)).hasSize(1);
        }
    }

    private static Set<String> pids(RunningServer server) throws Exception {
        Set<String> pids = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            var answer = server.get("/pid");
            assertThat(answer.statusCode()).isEqualTo(200);
            pids.add(answer.body());
        }
        return pids;
    }

    @Test
    void mistakesAreToldTogether() throws Exception {
        Files.writeString(gateway.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                upstreams {
                  app { servers = ["127.0.0.1:1"], balanc = x, tries = 0 }
                }
                routes { all { upstream = ap } }
                """);
        try (RunningServer server = RunningServer.start(gateway, "--conf", "juwsgi.conf")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .contains(
                            "juwsgi.conf:3: upstreams-app has no setting balanc (did you mean balance?)",
                            "juwsgi.conf:5: routes-all-upstream: there is no upstream ap");
        }
        try (RunningServer server = RunningServer.start(
                gateway, "--http=127.0.0.1:0", "--upstreams=name=a,servers=127.0.0.1:1,balance=least-conections")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .contains("upstream a: there is no balance least-conections (did you mean least-connections?)");
        }
    }
}
