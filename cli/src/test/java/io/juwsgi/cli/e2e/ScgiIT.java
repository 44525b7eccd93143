package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Python application behind a real nginx that speaks SCGI: the protocol front of a plugin, end to end. */
class ScgiIT {
    private static final String APP = """
            import os, time

            def application(environ, start_response):
                path = environ['PATH_INFO']
                if path == '/echo':
                    start_response('200 OK', [('Content-Type', 'application/octet-stream')])
                    return [environ['wsgi.input'].read()]
                if path == '/drip':
                    start_response('200 OK', [('X-Accel-Buffering', 'no')])
                    return drip()
                start_response('404 Not Here', [('X-Scheme', environ['wsgi.url_scheme'])])
                names = ('REQUEST_METHOD', 'PATH_INFO', 'QUERY_STRING', 'HTTP_X_OWN', 'REMOTE_ADDR')
                return [' '.join(environ.get(name, '-') for name in names).encode()]

            def drip():
                yield b'one\\n'
                while not os.path.exists('go'):
                    time.sleep(0.01)
                yield b'two\\n'
            """;

    @TempDir
    Path directory;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningServer start(String... ini) throws Exception {
        Apps.write(directory, APP);
        Files.writeString(
                directory.resolve("uwsgi.ini"), "[uwsgi]\nwsgi-file = app.py\n" + String.join("\n", ini) + "\n");
        return RunningServer.start(directory, "--ini", "uwsgi.ini");
    }

    private ForeignServer nginx(String target) throws Exception {
        int port = ForeignServer.freePort();
        return ForeignServer.nginx(
                Files.createDirectories(directory.resolve("nginx")), port, """
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        include /etc/nginx/scgi_params;
                        scgi_param PATH_INFO $document_uri;
                        scgi_pass %s;
                    }
                }
                """.formatted(port, target));
    }

    private static String address(RunningServer server) {
        return URI.create(server.boundUri("scgi")).getAuthority();
    }

    private static HttpRequest.Builder request(ForeignServer nginx, String path) {
        return HttpRequest.newBuilder(URI.create(nginx.base() + path));
    }

    @Test
    void nginxPassesRequestsToAnApplication() throws Exception {
        byte[] body = new byte[3 << 20];
        Arrays.fill(body, (byte) 'b');
        try (RunningServer server = start("scgi-socket = 127.0.0.1:0");
                ForeignServer nginx = nginx(address(server))) {
            server.awaitWorker(1, 0);
            HttpResponse<String> answer = client.send(
                    request(nginx, "/some/path?a=1").header("X-Own", "yes").build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("x-scheme")).hasValue("http");
            assertThat(answer.body()).isEqualTo("GET /some/path a=1 yes 127.0.0.1");
            HttpResponse<byte[]> echo = client.send(
                    request(nginx, "/echo")
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(echo.statusCode()).isEqualTo(200);
            assertThat(echo.body()).isEqualTo(body);
            HttpResponse<InputStream> drip = client.send(request(nginx, "/drip").build(), BodyHandlers.ofInputStream());
            try (InputStream in = drip.body()) {
                assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII))
                        .isEqualTo("one\n");
                Files.createFile(directory.resolve("go"));
                assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo("two\n");
            }
            server.awaitLine(line -> line.contains("/some/path?a=1") && line.contains("404"));
        }
    }

    @Test
    void aFrontCanBeNamedForAUnixSocket() throws Exception {
        Path socket = directory.resolve("app.sock");
        try (RunningServer server = start("front-socket = scgi=" + socket, "chmod-socket = 660")) {
            server.awaitLine("juwsgi scgi bound on unix:" + socket);
            server.awaitWorker(1, 0);
            try (ForeignServer nginx = nginx("unix:" + socket)) {
                HttpResponse<String> answer = client.send(request(nginx, "/").build(), BodyHandlers.ofString());
                assertThat(answer.body()).isEqualTo("GET /  - 127.0.0.1");
            }
        }
    }

    @Test
    void whatIsNotScgiIsTold() throws Exception {
        try (RunningServer server = start("scgi-nph-socket = 127.0.0.1:0", "socket-timeout = 2")) {
            String address = address(server);
            int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.0 400 ")
                        .contains("The SCGI head does not begin with its length.\n");
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream()
                        .write("24:CONTENT_LENGTH\0005\000SCGI\0001\000,hell".getBytes(StandardCharsets.ISO_8859_1));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.0 408 ");
                server.awaitLine("request-timeout");
            }
        }
    }

    @Test
    void anUnknownFrontEndsTheStartWithASuggestion() throws Exception {
        try (RunningServer server = start("front-socket = scgl=127.0.0.1:0")) {
            assertThat(server.exitCode()).isNotZero();
            assertThat(server.log()).contains("uwsgi.ini:3", "there is no protocol front scgl (did you mean scgi?)");
        }
    }

    @Test
    void pluginsListsTheKind() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "plugins")) {
            assertThat(server.exitCode()).isZero();
            assertThat(server.log()).contains("protocol front scgi (front-socket scgi=ADDRESS)");
        }
    }
}
