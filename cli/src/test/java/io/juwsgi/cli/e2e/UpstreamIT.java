package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        // Nobody names it: a gateway looks for no application, which would fail here.
        Apps.write(gateway, "raise RuntimeError('loaded')\n");
        try (ForeignServer uwsgi = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                RunningServer server =
                        RunningServer.start(gateway, "--http", "127.0.0.1:0", "--http-to", uwsgi.address())) {
            answersEverything(server);
            assertThat(server.log())
                    .contains("no application was named: requests are passed on to upstreams alone")
                    .doesNotContain("RuntimeError");
            assertThat(server.get("/environ?q=1").body())
                    .contains("QUERY_STRING=q=1", "REMOTE_ADDR=127.0.0.1", "HTTP_X_FORWARDED_PROTO=http");
        }
    }

    @Test
    void routesHaveOtherServersAnswer() throws Exception {
        Apps.write(gateway, """
                def application(environ, start_response):
                    start_response('200 OK', [])
                    return [b'Hello World']
                """);
        Path wrong = Files.writeString(directory.resolve("wrong.ini"), "[uwsgi]\nroute = ^/x upstream:sapre\n");
        try (ForeignServer uwsgi = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer gunicorn = ForeignServer.gunicorn(behind, ForeignServer.freePort())) {
            Path ini = Files.writeString(gateway.resolve("site.ini"), """
                    [uwsgi]
                    http = 127.0.0.1:0
                    wsgi-file = app.py
                    route = ^/uw uwsgi:%s,0,0
                    route = ^/gu(.*) http:%s,inner.example,/environ?from=$1
                    route = ^/na upstream:spare
                    upstreams = name=spare,protocol=http,servers=%s
                    """.formatted(
                            uwsgi.address(), gunicorn.address(), gunicorn.address()));
            try (RunningServer server = RunningServer.start(gateway, "--ini", ini.toString())) {
                server.awaitWorker(1, 0);
                assertThat(server.get("/").body()).isEqualTo("Hello World");
                assertThat(server.get("/uw").body()).isNotEqualTo("Hello World");
                assertThat(server.get("/gunicorn").body())
                        .contains("HTTP_HOST=inner.example", "QUERY_STRING=from=nicorn", "PATH_INFO=/environ");
                assertThat(server.get("/na/x").headers().firstValue("server"))
                        .hasValueSatisfying(name -> assertThat(name).contains("gunicorn"));
                uwsgi.close();
                assertThat(server.get("/uw").statusCode()).isEqualTo(502);
                server.awaitLine("why=upstream-refused");
                String right = Files.readString(ini);
                Files.writeString(ini, right.replace("upstream:spare", "upstream:sapre"));
                server.signal("HUP");
                server.awaitLine("plugins keep their settings: a route chooses the upstream sapre");
                assertThat(server.get("/na/x").headers().firstValue("server")).isPresent();
                Files.writeString(
                        ini, right.replace("uwsgi:" + uwsgi.address() + ",0,0", "http:" + gunicorn.address()));
                server.signal("HUP");
                server.awaitLine("generation 2 is ready");
                Waiting.until(
                        "gunicorn answers", () -> answeredBy(server, "/uw").contains("gunicorn"));
                Files.writeString(ini, right);
            }
            try (RunningServer server =
                    RunningServer.start(gateway, "--ini", wrong.toString(), "--ini", ini.toString())) {
                assertThat(server.exitCode()).isNotZero();
                assertThat(server.log())
                        .contains("a route chooses the upstream sapre, which is not there (did you mean spare?)");
            }
        }
    }

    private static String answeredBy(RunningServer server, String path) {
        try {
            return server.get(path).headers().firstValue("server").orElse("");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void upstreamsOfAFileSpeakHttpToGunicornAndNginx() throws Exception {
        int port = ForeignServer.freePort();
        Path own = Files.createDirectory(directory.resolve("nginx"));
        try (ForeignServer gunicorn = ForeignServer.gunicorn(behind, ForeignServer.freePort());
                ForeignServer nginx = ForeignServer.nginx(
                        own, port, "server { listen 127.0.0.1:" + port + "; location / { return 200 nginx; } }")) {
            Files.writeString(gateway.resolve("sorry.html"), "Sorry!");
            Files.writeString(gateway.resolve("juwsgi.conf"), """
                    http = "127.0.0.1:0"
                    stats = "127.0.0.1:0"
                    error-page = ["502=sorry.html"]
                    metrics = "127.0.0.1:0"
                    upstreams {
                      app {
                        servers = ["%s"], protocol = http, balance = least-connections
                        max-fails = 1, eject-time = 1h, eject-share = 100
                      }
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
                HttpResponse<String> failed = server.get("/");
                assertThat(failed.statusCode()).isEqualTo(502);
                assertThat(failed.body()).isEqualTo("Sorry!");
                server.awaitLine("why=upstream-refused");
                assertThat(server.stats())
                        .contains(
                                "\"state\":\"resting\",\"why\":\"upstream-refused\"",
                                "\"failure_reasons\":{\"upstream-refused\":1}",
                                "\"ejections\":1,\"ejection_reasons\":{\"upstream-refused\":1}",
                                "\"last_ejection\":{\"reason\":\"upstream-refused\",\"at\":",
                                ",\"for_ms\":3600000}");
                String labels = "{upstream=\"app\",endpoint=\"" + gunicorn.address() + "\"";
                assertThat(metrics(server))
                        .contains(
                                "juwsgi_upstream_failures_total" + labels + ",reason=\"upstream-refused\"} 1\n",
                                "juwsgi_upstream_ejections_total" + labels + ",reason=\"upstream-refused\"} 1\n",
                                "juwsgi_upstream_answer_seconds_bucket" + labels + ",le=\"60.0\"} ",
                                "juwsgi_upstream_answer_seconds_sum" + labels + "} ");
            }
        }
    }

    private static String metrics(RunningServer server) throws Exception {
        String uri =
                server.awaitLine("metrics bound on ").replaceFirst(".*metrics bound on (http://\\S+/metrics).*", "$1");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** What clients put behind a body leaves the connections to servers fit for the next request. */
    @Test
    void trailersOfRequestsConfuseNoServer() throws Exception {
        int port = ForeignServer.freePort();
        Path own = Files.createDirectory(directory.resolve("nginx"));
        try (ForeignServer gunicorn = ForeignServer.gunicorn(behind, ForeignServer.freePort());
                ForeignServer nginx = ForeignServer.nginx(
                        own, port, "server { listen 127.0.0.1:" + port + "; location / { return 200 nginx; } }")) {
            Files.writeString(gateway.resolve("juwsgi.conf"), """
                    http = "127.0.0.1:0"
                    upstreams {
                      app { servers = ["http://%s"] }
                      files { servers = ["http://%s"] }
                    }
                    routes { app { upstream = app }, files { path = /files, upstream = files } }
                    """.formatted(gunicorn.address(), nginx.address()));
            try (RunningServer server = RunningServer.start(gateway, "--conf", "juwsgi.conf")) {
                for (String path : List.of("/count", "/files/x")) {
                    assertThat(withTrailers(server, path).split("HTTP/1.1 200 ", -1))
                            .as(path)
                            .hasSize(6);
                }
                assertThat(server.log()).doesNotContain("why=");
            }
        }
    }

    private static String withTrailers(RunningServer server, String path) throws Exception {
        String request = "POST " + path + " HTTP/1.1\r\nHost: a\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "4\r\nbody\r\n0\r\nX-Sum: 4\r\nContent-Length: 70\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream()
                    .write((request.repeat(4) + "GET /environ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
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
        try (ForeignServer one = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer two = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                RunningServer server = RunningServer.start(
                        gateway, "--http", "127.0.0.1:0", "--http-to", one.address(), "--http-to", two.address())) {
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
    void aFileOfServersIsReadAgainWhenItChanges() throws Exception {
        Path file = gateway.resolve("servers");
        try (ForeignServer one = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer two = ForeignServer.uwsgiApp(behind, ForeignServer.freePort())) {
            Files.writeString(file, one.address() + "\n");
            try (RunningServer server = RunningServer.start(
                    gateway,
                    "--http=127.0.0.1:0",
                    "--discover-file-interval=50ms",
                    "--upstreams=name=app,servers=file:" + file,
                    "--routes=name=all,upstream=app")) {
                assertThat(pids(server)).hasSize(1);
                Path changed = gateway.resolve("changed");
                Files.writeString(changed, "# both\n" + one.address() + " weight=2\n" + two.address() + "\n");
                Files.move(changed, file, StandardCopyOption.ATOMIC_MOVE);
                server.awaitLine("has 2 members");
                assertThat(pids(server)).hasSize(2);
            }
        }
    }

    /** One leaves DNS and ends, two come: nobody who asks meanwhile notices. */
    @Test
    void serversComeAndGoByDnsAndNoRequestIsLost() throws Exception {
        Path own = Files.createDirectory(directory.resolve("dns"));
        int port = ForeignServer.freePort();
        Files.writeString(gateway.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                discover-dns { servers = ["127.0.0.1:%d"], least = 100ms }
                upstreams { app { servers = ["srv:_uwsgi._tcp.test"] } }
                routes { all { upstream = app } }
                """.formatted(port));
        try (ForeignServer one = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer two = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer three = ForeignServer.uwsgiApp(behind, ForeignServer.freePort());
                ForeignServer before = ForeignServer.dnsmasq(own, port, service(one));
                RunningServer server = RunningServer.start(gateway, "--conf", "juwsgi.conf");
                Clients clients = new Clients(server, 4)) {
            clients.awaitAnswers(50);
            assertThat(clients.pids()).hasSize(1);
            var slow = CompletableFuture.supplyAsync(() -> body(server, "/sleep?2"));
            before.close();
            try (ForeignServer _ = ForeignServer.dnsmasq(own, port, service(two), service(three))) {
                server.awaitLine("srv:_uwsgi._tcp.test has 2 members");
                // What it has begun it answers to its end.
                assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo("slept");
                one.close();
                clients.awaitAnswers(200);
                assertThat(clients.pids()).hasSize(3);
                assertThat(clients.failures()).isEmpty();
            }
        }
    }

    private static String body(RunningServer server, String path) {
        try {
            return server.get(path).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String service(ForeignServer server) {
        return "host-record=app.test,127.0.0.1\nsrv-host=_uwsgi._tcp.test,app.test," + server.port();
    }

    @Test
    void phpRunsBehindFastCgi() throws Exception {
        Path scripts = Files.createDirectory(directory.resolve("php"));
        Files.writeString(scripts.resolve("index.php"), """
                <?php
                header('X-Path: ' . ($_SERVER['PATH_INFO'] ?? ''));
                http_response_code(203);
                error_log('a complaint');
                echo $_SERVER['REQUEST_METHOD'], ' ', $_SERVER['QUERY_STRING'], ' ', file_get_contents('php://input');
                """);
        try (ForeignServer fpm = ForeignServer.phpFpm(scripts, ForeignServer.freePort());
                RunningServer server = RunningServer.start(
                        gateway,
                        "--http=127.0.0.1:0",
                        "--upstreams=name=php,protocol=fastcgi,root=" + scripts + ",servers=" + fpm.address()
                                + ",check=fastcgi,check-path=/ping,check-interval=100ms",
                        "--routes=name=all,upstream=php")) {
            var answer = server.get("/index.php/more?a=b");
            assertThat(answer.statusCode()).isEqualTo(203);
            assertThat(answer.body()).isEqualTo("GET a=b ");
            assertThat(answer.headers().firstValue("x-path")).contains("/more");
            String large = "z".repeat(200_000);
            var post = HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofString(large));
            assertThat(server.send(post).body()).isEqualTo("POST  " + large);
            assertThat(server.get("/none.php").statusCode()).isEqualTo(404);
            assertThat(server.log()).doesNotContain("is down");
            fpm.close();
            server.awaitLine("is down");
        }
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
