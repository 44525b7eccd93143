package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of a gibibyte pass both ways while the gateway's memory stays flat. */
class StreamingIT {
    private static final long GIBIBYTE = 1L << 30;
    /** What the gateway may grow by: its buffers and warm code, a small fraction of what passes. */
    private static final long GROWTH_KIB = 128 * 1024;

    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void aGibibyteIsUploaded() throws Exception {
        try (RunningServer server = serve();
                Socket socket = connect(server)) {
            server.get("/");
            long before = residentKib(server);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + GIBIBYTE + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[1 << 20];
            for (long sent = 0; sent < GIBIBYTE; sent += block.length) {
                out.write(block);
            }
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + GIBIBYTE);
            assertThat(peakKib(server) - before).isLessThan(GROWTH_KIB);
        }
    }

    @Test
    void aChunkedUploadArrivesWhole() throws Exception {
        try (RunningServer server = serve();
                Socket socket = connect(server)) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write((Integer.toHexString(block.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(block);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n" + (64 << 20));
        }
    }

    @Test
    void aGibibyteIsDownloadedByAClientThatFirstReadsNothing() throws Exception {
        try (RunningServer server = serve();
                Socket socket = connect(server)) {
            server.get("/");
            long before = residentKib(server);
            socket.getOutputStream()
                    .write(("GET /download?" + GIBIBYTE + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            // A second client is served while the first one takes nothing: then what it was sent has come to rest.
            for (int i = 0; i < 50; i++) {
                assertThat(server.get("/").statusCode()).isEqualTo(200);
            }
            assertThat(peakKib(server) - before).isLessThan(GROWTH_KIB);
            assertThat(skipHead(socket.getInputStream())).contains("Content-Length: " + GIBIBYTE);
            assertThat(countRest(socket.getInputStream())).isEqualTo(GIBIBYTE);
            assertThat(peakKib(server) - before).isLessThan(GROWTH_KIB);
        }
    }

    private RunningServer serve() throws Exception {
        return RunningServer.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--module",
                "app:app",
                "--processes",
                "2",
                "--threads",
                "2",
                "--python",
                Apps.PYTHON);
    }

    private static Socket connect(RunningServer server) throws Exception {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static String skipHead(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static long countRest(InputStream in) throws Exception {
        byte[] block = new byte[1 << 16];
        long total = 0;
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            total += n;
        }
        return total;
    }

    private static long residentKib(RunningServer server) throws Exception {
        return status(server, "VmRSS:");
    }

    private static long peakKib(RunningServer server) throws Exception {
        return status(server, "VmHWM:");
    }

    private static long status(RunningServer server, String name) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }
}
