package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP cache in the real server, before an application that counts its calls. */
class HttpCacheIT {
    private static final String COUNTING = """
            calls = 0

            def app(environ, start_response):
                global calls
                calls += 1
                path = environ['PATH_INFO']
                fields = [('Content-Type', 'text/plain')]
                if path == '/fresh':
                    fields.append(('Cache-Control', 'max-age=600'))
                elif path == '/large':
                    fields.append(('Cache-Control', 'max-age=600'))
                    start_response('200 OK', fields)
                    return (b'x' * 10000 for _ in range(50))
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

    private static String language(RunningServer server, String language) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri("/language")).header("Accept-Language", language))
                .body();
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
    }
}
