package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** wsgiref.validate around an application finds nothing to complain of under any listener. */
class WsgiConformanceIT {
    private static final String VALIDATED = """
            from wsgiref.validate import validator

            def plain(environ, start_response):
                length = int(environ.get('CONTENT_LENGTH') or 0)
                body = environ['wsgi.input'].read(length)
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [b'got ' + body]

            app = validator(plain)
            """;

    @TempDir
    Path directory;

    @Test
    void overHttpAndHttpSocket() throws Exception {
        Apps.write(directory, VALIDATED);
        for (String listener : new String[] {"--http", "--http-socket"}) {
            try (RunningServer server = serve(listener)) {
                assertThat(server.get("/a%20b?c=d").body()).isEqualTo("got ");
                var post = HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofString("body"));
                assertThat(server.send(post).body()).isEqualTo("got body");
                var head = HttpRequest.newBuilder(server.uri("/")).method("HEAD", BodyPublishers.noBody());
                assertThat(server.send(head).statusCode()).isEqualTo(200);
                assertThat(server.log()).doesNotContain("AssertionError", "Traceback");
            }
        }
    }

    @Test
    void overTheUwsgiProtocol() throws Exception {
        Apps.write(directory, VALIDATED);
        try (RunningServer server = RunningServer.start(
                directory, "--http", "127.0.0.1:0", "--socket", "127.0.0.1:0", "--module", "app:app")) {
            server.baseUri();
            int port = Integer.parseInt(
                    server.awaitLine("uwsgi bound on").replaceFirst(".*uwsgi bound on \\S*:(\\d+).*", "$1"));
            Map<String, String> variables = new TreeMap<>(Map.of(
                    "REQUEST_METHOD", "POST",
                    "PATH_INFO", "/",
                    "REQUEST_URI", "/",
                    "QUERY_STRING", "",
                    "SERVER_PROTOCOL", "HTTP/1.1",
                    "SERVER_NAME", "test",
                    "SERVER_PORT", "80",
                    "CONTENT_LENGTH", "4",
                    "HTTP_HOST", "test"));
            assertThat(uwsgi(port, variables, "body"))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("\r\n\r\ngot body");
            assertThat(server.log()).doesNotContain("AssertionError", "Traceback");
        }
    }

    private RunningServer serve(String listener) throws Exception {
        return RunningServer.start(directory, listener, "127.0.0.1:0", "--module", "app:app", "--python", Apps.PYTHON);
    }

    private static String uwsgi(int port, Map<String, String> variables, String body) throws Exception {
        ByteBuffer packet = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        packet.position(4);
        variables.forEach((name, value) -> {
            packet.putShort((short) name.length()).put(name.getBytes(StandardCharsets.ISO_8859_1));
            packet.putShort((short) value.length()).put(value.getBytes(StandardCharsets.ISO_8859_1));
        });
        packet.putShort(1, (short) (packet.position() - 4));
        packet.put(body.getBytes(StandardCharsets.ISO_8859_1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(packet.array(), 0, packet.position());
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
