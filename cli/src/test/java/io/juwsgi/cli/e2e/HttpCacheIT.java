package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP cache in the real server, before an application that counts its calls. */
class HttpCacheIT {
    private static final String COUNTING = """
            import os, time
            calls = 0

            def app(environ, start_response):
                global calls
                calls += 1
                path = environ['PATH_INFO']
                fields = [('Content-Type', 'text/plain')]
                if path == '/fresh':
                    fields.append(('Cache-Control', 'max-age=600'))
                elif path == '/gated':
                    fields.append(('Cache-Control', 'max-age=600'))
                    while not os.path.exists('gate'):
                        time.sleep(0.01)
                elif path == '/half':
                    fields.append(('Cache-Control', 'max-age=600'))
                    start_response('200 OK', fields)
                    def half():
                        yield b'x' * 100000
                        while not os.path.exists('gate'):
                            time.sleep(0.01)
                        yield b'x' * 100000
                    return half()
                elif path == '/large':
                    fields.append(('Cache-Control', 'max-age=600'))
                    start_response('200 OK', fields)
                    return (b'x' * 10000 for _ in range(50))
                elif path == '/hinted':
                    environ['wsgi.early_hints']([('Link', '</a.css>; rel=preload')])
                    fields.append(('Cache-Control', 'max-age=600'))
                elif path == '/asked':
                    fields += [('Cache-Control', 'no-cache'), ('ETag', '"v1"')]
                    if environ.get('HTTP_IF_NONE_MATCH') == '"v1"':
                        start_response('304 Not Modified', fields)
                        return []
                elif path == '/language':
                    fields += [('Cache-Control', 'max-age=600'), ('Vary', 'Accept-Language')]
                    start_response('200 OK', fields)
                    return [f"{environ.get('HTTP_ACCEPT_LANGUAGE')} {calls}".encode()]
                start_response('200 OK', fields)
                return [f'call {calls}'.encode()]
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, COUNTING);
    }

    private RunningServer start(String... more) throws Exception {
        String[] arguments = new String[more.length + 5];
        System.arraycopy(
                new String[] {"--http", "127.0.0.1:0", "--callable", "app", "--http-cache"}, 0, arguments, 0, 5);
        System.arraycopy(more, 0, arguments, 5, more.length);
        return RunningServer.start(directory, arguments).ready(1);
    }

    private static String status(HttpResponse<?> answer) {
        return answer.headers().firstValue("cache-status").orElse("");
    }

    @Test
    void whatIsFreshIsAnsweredWithoutTheApplication() throws Exception {
        try (RunningServer server = start()) {
            HttpResponse<String> miss = server.get("/fresh");
            assertThat(status(miss)).isEqualTo("juwsgi; fwd=uri-miss; stored");
            HttpResponse<String> hit = server.get("/fresh");
            assertThat(hit.body()).isEqualTo(miss.body()).isEqualTo("call 1");
            assertThat(status(hit)).startsWith("juwsgi; hit; ttl=");
            assertThat(hit.headers().firstValue("age")).isPresent();
            assertThat(hit.headers().allValues("date")).hasSize(1);
            HttpResponse<String> head = server.send(
                    HttpRequest.newBuilder(server.uri("/fresh")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertThat(status(head)).startsWith("juwsgi; hit");
            assertThat(head.headers().firstValue("content-length")).hasValue("6");
            assertThat(server.get("/other").body()).isEqualTo("call 2");
        }
    }

    @Test
    void aStreamedResponseIsStoredWhole() throws Exception {
        try (RunningServer server = start()) {
            String first = server.get("/large").body();
            HttpResponse<String> hit = server.get("/large");
            assertThat(status(hit)).startsWith("juwsgi; hit");
            assertThat(hit.body()).isEqualTo(first).hasSize(500_000);
        }
    }

    @Test
    void theApplicationIsAskedWhetherAResponseIsStillSo() throws Exception {
        try (RunningServer server = start()) {
            assertThat(server.get("/asked").body()).isEqualTo("call 1");
            HttpResponse<String> confirmed = server.get("/asked");
            assertThat(confirmed.body()).isEqualTo("call 1");
            assertThat(status(confirmed)).isEqualTo("juwsgi; fwd=stale; fwd-status=304");
            HttpResponse<String> known =
                    server.send(HttpRequest.newBuilder(server.uri("/asked")).header("If-None-Match", "\"v1\""));
            assertThat(known.statusCode()).isEqualTo(304);
            assertThat(server.get("/other").body()).isEqualTo("call 4");
        }
    }

    @Test
    void aPostForgetsAndVariantsAreKeptApart() throws Exception {
        try (RunningServer server = start()) {
            assertThat(language(server, "de")).isEqualTo("de 1");
            assertThat(language(server, "en")).isEqualTo("en 2");
            assertThat(language(server, "DE")).isEqualTo("de 1");
            server.send(HttpRequest.newBuilder(server.uri("/language")).POST(HttpRequest.BodyPublishers.ofString("x")));
            assertThat(language(server, "de")).isEqualTo("de 4");
        }
    }

    @Test
    void clientsThatWantTheSameAreOneRequest() throws Exception {
        try (RunningServer server = start("--processes", "4").ready(4)) {
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(CompletableFuture.supplyAsync(() -> get(server, "/gated"), Thread::startVirtualThread));
            }
            Files.createFile(directory.resolve("gate"));
            for (CompletableFuture<HttpResponse<String>> answer : all) {
                assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("call 1");
            }
            assertThat(status(server.get("/gated"))).startsWith("juwsgi; hit");
        }
    }

    private static HttpResponse<String> get(RunningServer server, String path) {
        try {
            return server.get(path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void purgesAndPartsWorkAndAnOperatorIsTold() throws Exception {
        Path socket = directory.resolve("ctl.sock");
        try (RunningServer server = start("--http-cache-purge-from", "127.0.0.1", "--ctl-socket", socket.toString())) {
            server.get("/large");
            HttpResponse<String> part =
                    server.send(HttpRequest.newBuilder(server.uri("/large")).header("Range", "bytes=10-19"));
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).isEqualTo("x".repeat(10));
            assertThat(part.headers().firstValue("content-range")).hasValue("bytes 10-19/500000");
            HttpResponse<String> purged = server.send(
                    HttpRequest.newBuilder(server.uri("/lar*")).method("PURGE", HttpRequest.BodyPublishers.noBody()));
            assertThat(purged.body()).isEqualTo("1 purged\n");
            assertThat(status(server.get("/large"))).isEqualTo("juwsgi; fwd=uri-miss; stored");
            assertThat(ctl(
                            socket,
                            "cache",
                            "purge",
                            "--soft",
                            server.uri("/large").toString()))
                    .contains("marked-stale: 1");
            assertThat(ctl(socket, "cache", "purge", server.uri("/large").toString()))
                    .contains("purged: 1");
            assertThat(ctl(socket, "cache", "stats")).contains("purged: 2", "hits: 1");
        }
    }

    @Test
    void largeResponsesSurviveAKillAndHalfOnesDoNot() throws Exception {
        Path disk = directory.resolve("disk");
        String[] options = {"--http-cache-max-entry", "10k", "--http-cache-disk", disk.toString()};
        try (RunningServer server = start(options)) {
            assertThat(server.get("/large").body()).hasSize(500_000);
            Waiting.until("the file to be whole", () -> count(disk, ".entry") == 1);
            // The application stops in the middle of this one, and the server is killed.
            CompletableFuture<?> half =
                    CompletableFuture.runAsync(() -> get(server, "/half"), Thread::startVirtualThread);
            Waiting.until("the file to be begun", () -> count(disk, ".partial") == 1);
            server.process().destroyForcibly().waitFor();
            half.handle((nothing, thrown) -> null).get(60, TimeUnit.SECONDS);
        }
        try (RunningServer server = start(options)) {
            Waiting.until("the rest to be deleted", () -> count(disk, ".partial") == 0);
            Waiting.until(
                    "the whole one to be found",
                    () -> status(get(server, "/large")).startsWith("juwsgi; hit"));
            Files.createFile(directory.resolve("gate"));
            HttpResponse<String> half = server.get("/half");
            assertThat(half.body()).hasSize(200_000);
            assertThat(status(half)).isEqualTo("juwsgi; fwd=uri-miss; stored");
        }
    }

    private static long count(Path directory, String suffix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).count();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String ctl(Path socket, String... words) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(RunningServer.ROOT.resolve("juwsgi").toString(), "ctl"));
        command.addAll(List.of("--ctl-socket", socket.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }

    private static String language(RunningServer server, String language) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri("/language")).header("Accept-Language", language))
                .body();
    }

    @Test
    void hintsPassAMissAndAreNotStored() throws Exception {
        try (RunningServer server = start()) {
            String miss = raw(server, "/hinted");
            assertThat(miss)
                    .startsWith("HTTP/1.1 103 Early Hints\r\n")
                    .contains("</a.css>", "HTTP/1.1 200 OK", "call 1");
            assertThat(raw(server, "/hinted")).startsWith("HTTP/1.1 200 OK").contains("juwsgi; hit", "call 1");
        }
    }

    private static String raw(RunningServer server, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.uri("/").getPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void rulesTreatTwoPathsDifferently() throws Exception {
        Files.writeString(directory.resolve("app.conf"), """
                http = "127.0.0.1:0"
                callable = app
                http-cache { sort-query = true }
                http-cache-rules {
                  images { path = /img, ttl = 1h, ignore-query = [v, "utm_*"] }
                  api { path = /fresh, cache = false }
                }
                """);
        try (RunningServer server = RunningServer.start(directory, "app.conf").ready(1)) {
            String image = server.get("/img/a?v=1").body();
            assertThat(server.get("/img/a?v=2&utm_source=x").body()).isEqualTo(image);
            String first = server.get("/fresh").body();
            HttpResponse<String> second = server.get("/fresh");
            assertThat(second.body()).isNotEqualTo(first);
            assertThat(status(second)).isEqualTo("juwsgi; fwd=bypass");
        }
    }

    @Test
    void aFileConfiguresItAndItsMistakesAreTold() throws Exception {
        Files.writeString(directory.resolve("app.ini"), """
                [juwsgi]
                http = 127.0.0.1:0
                callable = app
                http-cache-max-entry = 5
                """);
        try (RunningServer server = RunningServer.start(directory, "app.ini").ready(1)) {
            assertThat(server.get("/fresh").body()).isEqualTo("call 1");
            assertThat(server.get("/fresh").body()).isEqualTo("call 2");
        }
        try (RunningServer server = RunningServer.start(
                directory, "--http", "127.0.0.1:0", "--http-cache-size", "1k", "--http-cache-max-entry", "1m")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log())
                    .contains("http-cache-max-entry: 1048576 (expected: not more than 1024, the size of the cache");
        }
        try (RunningServer server = RunningServer.start(
                directory, "--http", "127.0.0.1:0", "--http-cache", "--http-cache-store", "reddis")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("http-cache: CacheStore reddis is not there (expected: redis)");
        }
    }
}
