package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real CGI scripts, picked by modifier1 9. */
class CgiIT {
    @TempDir
    Path directory;

    @BeforeEach
    void scripts() throws Exception {
        script("env.sh", "printf 'Content-Type: text/plain\\r\\n\\r\\n'; env | sort");
        script("echo.sh", "printf 'Content-Type: application/octet-stream\\n\\n'; exec head -c \"$CONTENT_LENGTH\"");
        script(
                "teapot.sh",
                "printf 'Status: 418 Teapot\\nX-Tea: green\\n\\nshort and stout'; echo trouble >&2; exit 3");
        script("away.sh", "printf 'Location: http://example.org/\\n\\n'");
        script("silent.sh", "echo $$ > silent.pid; sleep 600 & echo $! >> silent.pid; echo begun > begun; wait");
        script("stalls.sh", "printf 'Content-Type: text/plain\\n\\nfirst'; sleep 600");
        script("nothing.sh", "exit 1");
        script("drip.sh", "printf 'Content-Type: text/plain\\n\\none\\n'; read go < go.fifo; echo two");
        Files.writeString(
                directory.resolve("cgi/hello.pl"), "print \"Content-Type: text/plain\\n\\nhello $ENV{PATH_INFO}\";");
        Files.createDirectory(directory.resolve("work"));
    }

    private void script(String name, String body) throws IOException {
        Files.createDirectories(directory.resolve("cgi"));
        Path file = Files.writeString(directory.resolve("cgi").resolve(name), "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private RunningServer start(String... more) throws Exception {
        List<String> arguments = new java.util.ArrayList<>(List.of(
                "--http-socket=127.0.0.1:0",
                "--http-socket-modifier1=9",
                "--cgi=/cgi-bin=" + directory.resolve("cgi"),
                "--cgi-helper=.pl=perl",
                "--cgi-unset=SECRET"));
        arguments.addAll(List.of(more));
        return RunningServer.startBy(
                RunningServer.ROOT.resolve("juwsgi"),
                directory.resolve("work"),
                java.util.Map.of("SECRET", "hidden"),
                arguments.toArray(String[]::new));
    }

    @Test
    void scriptsGetTheirVariablesAndAnswer() throws Exception {
        try (RunningServer server = start()) {
            HttpResponse<String> answer =
                    server.send(HttpRequest.newBuilder(server.uri("/cgi-bin/env.sh/some/more?a=1"))
                            .header("Proxy", "evil:1")
                            .header("X-Own", "yes"));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains(
                            "GATEWAY_INTERFACE=CGI/1.1\n",
                            "PATH_INFO=/some/more\n",
                            "PATH_TRANSLATED=" + directory.toRealPath().resolve("cgi") + "/some/more\n",
                            "QUERY_STRING=a=1\n",
                            "REQUEST_METHOD=GET\n",
                            "SCRIPT_NAME=/cgi-bin/env.sh\n",
                            "SERVER_PROTOCOL=HTTP/1.1\n",
                            "HTTP_X_OWN=yes\n")
                    .doesNotContain("evil", "hidden");
            assertThat(server.get("/cgi-bin/hello.pl/you").body()).isEqualTo("hello /you");
            HttpResponse<String> teapot = server.get("/cgi-bin/teapot.sh");
            assertThat(teapot.statusCode()).isEqualTo(418);
            assertThat(teapot.headers().firstValue("x-tea")).hasValue("green");
            assertThat(teapot.body()).isEqualTo("short and stout");
            server.awaitLine("script=/cgi-bin/teapot.sh stderr: trouble");
            server.awaitLine("script=/cgi-bin/teapot.sh ended with exit code 3");
            HttpResponse<String> away = server.get("/cgi-bin/away.sh");
            assertThat(away.statusCode()).isEqualTo(302);
        }
    }

    @Test
    void bodiesStreamBothWays() throws Exception {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'b');
        assertThat(new ProcessBuilder("mkfifo", directory.resolve("cgi/go.fifo").toString())
                        .start()
                        .waitFor())
                .isZero();
        try (RunningServer server = start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest post = HttpRequest.newBuilder(server.uri("/cgi-bin/echo.sh"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            assertThat(client.send(post, BodyHandlers.ofByteArray()).body()).isEqualTo(body);
            HttpResponse<InputStream> drip = client.send(
                    HttpRequest.newBuilder(server.uri("/cgi-bin/drip.sh")).build(), BodyHandlers.ofInputStream());
            try (InputStream in = drip.body()) {
                assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII))
                        .isEqualTo("one\n");
                Files.writeString(directory.resolve("cgi/go.fifo"), "go\n");
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("two\n");
            }
            HttpRequest chunked = HttpRequest.newBuilder(server.uri("/cgi-bin/echo.sh"))
                    .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                    .build();
            assertThat(client.send(chunked, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(411);
        }
    }

    @Test
    void aScriptThatIsTooSlowIsKilledWithItsChildren() throws Exception {
        try (RunningServer server = start("--harakiri=2")) {
            HttpResponse<String> answer = server.get("/cgi-bin/silent.sh");
            assertThat(answer.statusCode()).isEqualTo(504);
            server.awaitLine("script=/cgi-bin/silent.sh is killed: harakiri");
            server.awaitLine("why=harakiri");
            for (String pid : Files.readAllLines(directory.resolve("cgi/silent.pid"))) {
                Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
                process.ifPresent(
                        p -> p.onExit().orTimeout(30, TimeUnit.SECONDS).join());
            }
        }
    }

    @Test
    void outputThatStopsIsCutAfterTheTimeout() throws Exception {
        try (RunningServer server = start("--cgi-timeout=1");
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(server.uri("/cgi-bin/stalls.sh")).build();
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                assertThat(new String(in.readNBytes(5), StandardCharsets.US_ASCII))
                        .isEqualTo("first");
                org.assertj.core.api.Assertions.assertThatThrownBy(in::readAllBytes)
                        .isInstanceOf(IOException.class);
            }
            server.awaitLine("why=cgi-timeout");
            assertThat(server.get("/cgi-bin/nothing.sh").statusCode()).isEqualTo(502);
            server.awaitLine("why=cgi-bad-response");
            assertThat(server.get("/cgi-bin/missing").statusCode()).isEqualTo(404);
            assertThat(server.get("/cgi-bin/%2e%2e/work/").statusCode()).isBetween(400, 404);
        }
    }

    /** As nginx sends it with uwsgi_modifier1: one socket, two languages. */
    @Test
    void thePacketsModifierPicksTheLanguage() throws Exception {
        Apps.write(directory.resolve("work"), Apps.PATHS);
        try (RunningServer server = start("--socket=127.0.0.1:0", "--module=app:app", "--python=" + Apps.PYTHON)) {
            server.awaitWorker(1, 0);
            int port = Integer.parseInt(
                    server.awaitLine("juwsgi uwsgi bound on").replaceFirst(".*uwsgi bound on \\S*:(\\d+).*", "$1"));
            assertThat(packet(port, 0, "/")).contains("200 OK").endsWith("\r\n\r\nhello");
            assertThat(packet(port, 9, "/cgi-bin/hello.pl/you")).endsWith("\r\n\r\nhello /you");
            assertThat(packet(port, 9, "/")).contains(" 404 ");
            assertThat(packet(port, 5, "/")).contains(" 502 ");
        }
    }

    private static String packet(int port, int modifier1, String path) throws IOException {
        ByteArrayOutputStream variables = new ByteArrayOutputStream();
        for (String text : List.of(
                "REQUEST_METHOD",
                "GET",
                "PATH_INFO",
                path,
                "REQUEST_URI",
                path,
                "SERVER_PROTOCOL",
                "HTTP/1.1",
                "QUERY_STRING",
                "",
                "HTTP_HOST",
                "localhost",
                "SERVER_NAME",
                "localhost",
                "SERVER_PORT",
                "80")) {
            variables.write(text.length());
            variables.write(0);
            variables.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write(new byte[] {(byte) modifier1, (byte) variables.size(), (byte) (variables.size() >> 8), 0});
            out.write(variables.toByteArray());
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void aModifierThatNobodyAnswersForIsToldSo() throws Exception {
        try (RunningServer server =
                RunningServer.start(directory.resolve("work"), "--http=127.0.0.1:0", "--http-modifier1=5")) {
            HttpResponse<String> answer = server.get("/");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("Nothing is bound to modifier1 5");
            server.awaitLine("-- unavailable modifier requested: 5 --");
        }
    }
}
