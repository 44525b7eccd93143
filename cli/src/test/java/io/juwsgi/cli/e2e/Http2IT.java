package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.e2e.Certificates.Ran;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 to a Python application, asked by curl and h2load, over TLS and without. */
class Http2IT {
    private static final String FILES = """

        def big(environ, start_response):
            start_response('200 OK', [('Content-Type', 'application/octet-stream')])
            return environ['wsgi.file_wrapper'](open('big.bin', 'rb'))

        inner = app

        def app(environ, start_response):
            if environ['PATH_INFO'] == '/hints':
                environ['wsgi.early_hints']([('Link', '</a.css>; rel=preload')])
            return (big if environ['PATH_INFO'] == '/big' else inner)(environ, start_response)
        """;

    @TempDir
    Path directory;

    private Ran run(List<String> command, String... more) throws Exception {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return Certificates.run(directory, "", all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void applicationsAreServed(String scheme) throws Exception {
        Apps.write(directory, Apps.PATHS + FILES);
        Certificates certificates = new Certificates(directory).server("localhost");
        try (RandomAccessFile big =
                new RandomAccessFile(directory.resolve("big.bin").toFile(), "rw")) {
            big.setLength(10_000_000);
            big.seek(5_000_000);
            big.write("middle".getBytes(StandardCharsets.US_ASCII));
        }
        List<String> curl = List.of(
                "curl",
                "-sS",
                "--max-time",
                "60",
                "--cacert",
                certificates.file("ca.pem"),
                scheme.equals("http") ? "--http2-prior-knowledge" : "--http2");
        try (RunningServer server = RunningServer.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--https",
                "127.0.0.1:0," + certificates.file("localhost.pem") + "," + certificates.file("localhost.key"))) {
            server.awaitWorker(1, 0);
            String uri = server.boundUri(scheme);
            assertThat(run(curl, uri + "/environ").output())
                    .contains("SERVER_PROTOCOL=HTTP/2.0\n")
                    .contains("wsgi.url_scheme=" + scheme + "\n");
            assertThat(run(curl, "--data-binary", "@big.bin", uri + "/count").output())
                    .isEqualTo("10000000");
            assertThat(run(curl, "-o", "got.bin", uri + "/big").exitCode()).isZero();
            assertThat(Files.mismatch(directory.resolve("big.bin"), directory.resolve("got.bin")))
                    .isEqualTo(-1);
            assertThat(run(curl, "-o", "/dev/null", "-w", "%{size_download}", uri + "/download?9000000")
                            .output())
                    .isEqualTo("9000000");
            assertThat(run(curl, "-i", uri + "/hints").output())
                    .startsWith("HTTP/2 103")
                    .contains("link: </a.css>; rel=preload", "HTTP/2 200");
            assertThat(run(curl, "-i", "--http1.1", uri + "/hints").output()).startsWith("HTTP/1.1 103 Early Hints");
            assertThat(run(curl, "-I", uri).output()).startsWith("HTTP/2 200");
            assertThat(run(curl, "-o", "/dev/null", "-w", "%{http_code}", uri + "/raise")
                            .output())
                    .isEqualTo("500");
            // Many streams on few connections, none of them lost.
            Ran load = run(List.of("h2load", "-n", "2000", "-c", "4", "-m", "25"), uri + "/");
            assertThat(load.output()).contains("2000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }

    @Test
    void http2CanBeTurnedOff() throws Exception {
        Apps.write(directory, Apps.PATHS);
        Files.writeString(directory.resolve("app.ini"), "[uwsgi]\nhttps = 127.0.0.1:0\nhttp2 = false\n");
        try (RunningServer server = RunningServer.start(directory, "--ini", "app.ini")) {
            server.awaitWorker(1, 0);
            Ran asked = run(List.of(
                    "curl", "-sSk", "-o", "/dev/null", "-w", "%{http_version}", "--http2", server.boundUri("https")));
            assertThat(asked.output()).isEqualTo("1.1");
        }
    }
}
