package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compression, rate limits, passwords and CORS in the real server, all at a time. */
class EdgePluginsIT {
    private static final String APP = """
        def app(environ, start_response):
            start_response('200 OK', [('Content-Type', 'text/html')])
            if environ['PATH_INFO'] == '/events':
                return (b'data: %d\\n\\n' % i for i in range(50))
            if environ['PATH_INFO'] == '/admin':
                return [environ.get('REMOTE_USER', '').encode()]
            return [b'the same again ' * 10000]
        """;
    private static final String PAGE = "the same again ".repeat(10_000);

    @TempDir
    Path directory;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, APP);
        users("ann:{SHA}qvTGHdzF6KLavt4PO0gs2a6pQ00=\n", 0);
    }

    /** Writes users; the later ones have a later time, whatever the file system's clock says. */
    private void users(String lines, int seconds) throws IOException {
        Path file = directory.resolve("users");
        Files.writeString(file, lines);
        Files.setLastModifiedTime(
                file, FileTime.from(Instant.parse("2026-01-02T03:04:05Z").plusSeconds(seconds)));
    }

    private RunningServer start() throws IOException {
        return RunningServer.start(
                        directory,
                        "--http=127.0.0.1:0",
                        "--callable=app",
                        "--compress",
                        "--rate-limits=name=few,path=/few,rate=2/d",
                        "--basic-auth-file=" + directory.resolve("users"),
                        "--basic-auth-paths=/admin",
                        "--cors-origins=https://app.example",
                        "--security-headers",
                        "--security-headers-csp=self")
                .ready(1);
    }

    private static String curl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "60"));
        command.addAll(List.of(arguments));
        Process curl = new ProcessBuilder(command).start();
        String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(String.join(" ", command)).isZero();
        return answer;
    }

    private static HttpResponse<String> as(RunningServer server, String user) throws Exception {
        byte[] text = (user + ":hello").getBytes(StandardCharsets.UTF_8);
        return server.send(HttpRequest.newBuilder(server.uri("/admin"))
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(text)));
    }

    @Test
    void allOfThemWorkTogether() throws Exception {
        try (RunningServer server = start()) {
            compresses(server);
            asksForPasswords(server);
            tellsBrowsers(server);
            limits(server);
        }
    }

    private static void compresses(RunningServer server) throws Exception {
        for (String coding : List.of("gzip", "br", "zstd")) {
            String size = curl(
                    "-H", "Accept-Encoding: " + coding, "-o/dev/null", "-w%{size_download}", server.baseUri() + "/");
            assertThat(Integer.parseInt(size)).as(coding).isBetween(1, 5000);
        }
        assertThat(curl("--compressed", server.baseUri() + "/")).isEqualTo(PAGE);
        assertThat(curl("--compressed", "--http2-prior-knowledge", server.baseUri() + "/"))
                .isEqualTo(PAGE);
        assertThat(curl("--compressed", server.baseUri() + "/events")).endsWith("data: 49\n\n");
        assertThat(curl("-I", "-H", "Accept-Encoding: gzip", server.baseUri() + "/"))
                .contains("Content-Encoding: gzip", "Content-Security-Policy: default-src 'self'");
    }

    private void asksForPasswords(RunningServer server) throws Exception {
        assertThat(server.get("/admin").statusCode()).isEqualTo(401);
        assertThat(as(server, "ann").body()).isEqualTo("ann");
        assertThat(as(server, "bob").statusCode()).isEqualTo(401);
        // bcrypt, and the file has changed.
        users("bob:$2y$05$abcdefghijklmnopqrstuuWHxnxkyNt6AHCwFMQaY6auyqJA8E98a\n", 60);
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (as(server, "bob").statusCode() != 200) {
            assertThat(System.nanoTime()).as("the changed file is read").isLessThan(deadline);
        }
        assertThat(as(server, "ann").statusCode()).isEqualTo(401);
    }

    private static void tellsBrowsers(RunningServer server) throws Exception {
        HttpResponse<String> preflight = server.send(HttpRequest.newBuilder(server.uri("/admin"))
                .method("OPTIONS", BodyPublishers.noBody())
                .header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "PUT"));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .contains("https://app.example");
    }

    private static void limits(RunningServer server) throws Exception {
        assertThat(server.get("/few").headers().firstValue("ratelimit")).contains("\"few\";r=1;t=43200");
        assertThat(server.get("/few").statusCode()).isEqualTo(200);
        HttpResponse<String> refused = server.get("/few");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        server.awaitLine("why=rate-limited");
        int before = server.logSize();
        server.signal("HUP");
        server.awaitWorker(1, before);
        assertThat(server.get("/few").statusCode())
                .as("a reload forgets nobody")
                .isEqualTo(429);
        assertThat(server.get("/").statusCode()).isEqualTo(200);
    }
}
