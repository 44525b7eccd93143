package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One ini file with static options, followed by the distribution's uWSGI and by juwsgi: both give the same answers. */
class StaticGoldenIT {
    private static final String APPLICATION = """
        def app(environ, start_response):
            start_response('200 OK', [('Content-Type', 'text/plain')])
            return [b'application ' + environ['PATH_INFO'].encode('latin-1')]
        """;

    private static final String OPTIONS = """
        [uwsgi]
        wsgi-file = app.py
        callable = app
        master = true
        disable-logging = true
        check-static = %(dir)/c
        static-map = /static=%(dir)/a
        static-map = /static=%(dir)/b
        static-map2 = /static=%(dir)/b
        static-map = /icon.ico=%(dir)/a/x.txt
        static-index = index.htm
        static-index = index.html
        static-skip-ext = .php
        static-expires-mtime = .*\\.css$ 3600
        static-expires-type-mtime = text/plain=60
        static-gzip = .*\\.js$
        """;

    private static final List<String> REQUESTS = List.of(
            "GET /static/x.txt",
            "HEAD /static/x.txt",
            "POST /static/x.txt",
            "DELETE /static/x.txt",
            "GET /static/y.txt",
            "GET /static/z.txt",
            "GET /static/w.txt",
            "GET /w.txt",
            "GET /deep/",
            "GET /static/deep/",
            "GET /static",
            "GET /static/",
            "GET /static/empty/",
            "GET /icon.ico",
            "GET /static/p.php",
            "GET /static/s.css",
            "GET /static//x.txt",
            "GET /static/x.txt/",
            "GET /static/none",
            "GET /static/x.txt?query=1",
            "GET /static/j.js",
            "GET /static/j.js Accept-Encoding: gzip",
            "GET /static/x.txt Accept-Encoding: gzip",
            "GET /static/x.txt If-Modified-Since: Fri, 02 Jan 2026 03:04:04 GMT");

    /** Fields that uWSGI does not have, or that are about a connection or a moment. */
    private static final Set<String> NOT_COMPARED = Set.of(
            "accept-ranges",
            "connection",
            "content-length",
            "date",
            "etag",
            "keep-alive",
            "server",
            "transfer-encoding",
            "vary");

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        write("app.py", APPLICATION);
        write("static.ini", OPTIONS.replace("%(dir)", directory.toString()));
        for (String name : List.of(
                "a/x.txt",
                "a/p.php",
                "a/s.css",
                "a/j.js",
                "a/j.js.gz",
                "a/deep/index.html",
                "b/x.txt",
                "b/y.txt",
                "b/static/z.txt",
                "c/w.txt",
                "c/deep/index.html",
                "c/static/w.txt",
                "a/w.txt")) {
            write(name, name);
        }
        Files.createDirectory(directory.resolve("a/empty"));
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    }

    @Test
    void bothServersGiveTheSameAnswers() throws Exception {
        int port = ForeignServer.freePort();
        try (ForeignServer uwsgi = ForeignServer.uwsgi(directory, port, "", "--ini", "static.ini");
                RunningServer juwsgi =
                        RunningServer.start(directory, "--http-socket", "127.0.0.1:0", "--ini", "static.ini");
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            juwsgi.ready(1);
            List<String> expected = new ArrayList<>();
            List<String> actual = new ArrayList<>();
            for (String request : REQUESTS) {
                expected.add(request + "\n" + answer(client, uwsgi.base(), request));
                actual.add(request + "\n" + answer(client, juwsgi.baseUri(), request));
            }
            assertThat(actual).isEqualTo(expected);
        }
    }

    /** Returns status, fields and body as text. */
    private static String answer(HttpClient client, String base, String request) throws Exception {
        List<String> words = List.of(request.split(" ", 3));
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + words.get(1)))
                .method(words.getFirst(), HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(60));
        if (words.size() > 2) {
            int colon = words.get(2).indexOf(": ");
            builder.header(words.get(2).substring(0, colon), words.get(2).substring(colon + 2));
        }
        HttpResponse<String> response = client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        Map<String, List<String>> fields = new TreeMap<>(response.headers().map());
        fields.keySet().removeAll(NOT_COMPARED);
        return response.statusCode() + " " + fields + "\n" + response.body();
    }
}
