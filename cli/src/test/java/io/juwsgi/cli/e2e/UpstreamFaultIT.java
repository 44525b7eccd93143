package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that breaks its answers off, in front of it the whole gateway with its cache. */
@Timeout(120)
class UpstreamFaultIT {
    @TempDir
    Path directory;

    private static void cutFirst(ServerSocket listener) {
        boolean first = true;
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                socket.getInputStream().read(new byte[4096]);
                String answer = "HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 10\r\n\r\n0123456789";
                String sent = first ? answer.substring(0, answer.length() - 5) : answer;
                socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                first = false;
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    @Test
    void anAnswerThatWasCutOffIsNeverStored() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                RunningServer server = RunningServer.start(
                        directory,
                        "--http=127.0.0.1:0",
                        "--http-cache",
                        "--upstreams=name=app,servers=http://127.0.0.1:" + listener.getLocalPort(),
                        "--routes=name=all,upstream=app")) {
            Thread.ofVirtual().start(() -> cutFirst(listener));
            assertThatThrownBy(() -> {
                        var answer = server.get("/");
                        throw new IOException(answer.statusCode() + " " + answer.body());
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining("200 ");
            server.awaitLine("why=upstream-cut");
            assertThat(server.get("/").body()).isEqualTo("0123456789");
            // That one is whole, and stored.
            assertThat(server.get("/").headers().firstValue("age")).isPresent();
        }
    }
}
