package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.protocol.uwsgi.UwsgiPacket;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that take their time, in front of an application with one thread: it stays free for others. */
class SlowClientsIT {
    private static final int SIZE = 1_000_000;
    private static final int PART = 100_000;

    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    private RunningServer serve(String... more) throws Exception {
        return serveBy(RunningServer.ROOT.resolve("juwsgi"), more);
    }

    private RunningServer serveBy(Path launcher, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(
                List.of("--http", "127.0.0.1:0", "--module", "app:app", "--threads", "1", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.startBy(launcher, directory, Map.of(), arguments.toArray(String[]::new))
                .ready(1);
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static void othersAreServed(RunningServer server) throws Exception {
        assertThat(server.get("/pid").statusCode()).isEqualTo(200);
    }

    /** An upload that comes in parts, with another request between any two of them. */
    private record Upload(Socket socket, boolean chunked) {
        void part(int size) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(ascii(chunked ? Integer.toHexString(size) + "\r\n" : ""));
            out.write(new byte[size]);
            out.write(ascii(chunked ? "\r\n" : ""));
        }

        void end() throws IOException {
            socket.getOutputStream().write(ascii(chunked ? "0\r\n\r\n" : ""));
        }
    }

    private static Upload http(RunningServer server, boolean chunked) throws IOException {
        Socket socket = connect(server.port());
        socket.getOutputStream()
                .write(ascii("POST /count HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                        + (chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + SIZE) + "\r\n\r\n"));
        return new Upload(socket, chunked);
    }

    private static Upload uwsgi(RunningServer server) throws IOException {
        String line = server.awaitLine(one -> one.contains("juwsgi uwsgi bound on "));
        String uri = line.replaceAll(".*uwsgi://\\S+:(\\d+) .*", "$1");
        Socket socket = connect(Integer.parseInt(uri));
        socket.getOutputStream()
                .write(new UwsgiPacket()
                        .add("REQUEST_METHOD", "POST")
                        .add("PATH_INFO", "/count")
                        .add("CONTENT_LENGTH", Integer.toString(SIZE))
                        .bytes(0, 0));
        return new Upload(socket, false);
    }

    @Test
    void slowUploadsHoldNoWorkerAndSurviveAReload() throws Exception {
        try (RunningServer server = serve("--socket", "127.0.0.1:0")) {
            List<Upload> uploads = List.of(http(server, false), http(server, true), uwsgi(server));
            for (int sent = 0; sent < SIZE; sent += PART) {
                for (Upload upload : uploads) {
                    upload.part(PART);
                }
                othersAreServed(server);
                if (sent == SIZE / 2) {
                    int lines = server.logSize();
                    server.signal("HUP");
                    server.awaitWorker(1, lines);
                }
            }
            for (Upload upload : uploads) {
                upload.end();
                assertThat(answer(upload.socket())).contains(" 200 ").endsWith("\r\n\r\n" + SIZE);
                upload.socket().close();
            }
            assertThat(openFiles(server)).isZero();
        }
    }

    /** Returns how many files without a name the server holds that bodies wait in. */
    private static long openFiles(RunningServer server) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return all.filter(file -> target(file).contains("juwsgi-body-")).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void whoeverLeavesInTheMiddleLeavesNothing() throws Exception {
        try (RunningServer server = serve()) {
            Upload upload = http(server, false);
            upload.part(SIZE / 2);
            othersAreServed(server);
            upload.socket().close();
            assertThat(server.awaitLine(line -> line.contains("POST /count"))).contains("why=body-cut-off");
            assertThat(openFiles(server)).isZero();
        }
    }

    /** Starts an upload that curl reads from the test. */
    private Process upload(RunningServer server, String version) throws IOException {
        return new ProcessBuilder(
                        "curl",
                        "-sS",
                        version,
                        "-X",
                        "POST",
                        "-T",
                        "-",
                        "-w",
                        " %{http_code}",
                        server.baseUri() + "/count")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
    }

    private static String end(Process upload) throws IOException {
        try (OutputStream in = upload.getOutputStream()) {
            in.flush();
        } catch (IOException e) {
            // It has ended already.
        }
        return new String(upload.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void anUploadThatStopsIsGivenUp(String version) throws Exception {
        try (RunningServer server = serve("--http-timeout", "2")) {
            Process upload = upload(server, version);
            upload.getOutputStream().write(new byte[PART]);
            upload.getOutputStream().flush();
            othersAreServed(server);
            assertThat(server.awaitLine(line -> line.contains("POST /count"))).contains("why=body-timeout");
            othersAreServed(server);
            assertThat(end(upload)).contains("did not arrive in time").endsWith(" 408");
            assertThat(openFiles(server)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--http1.1", "--http2-prior-knowledge"})
    void anUploadThatDripsIsGivenUp(String version) throws Exception {
        try (RunningServer server = serve("--http-min-rate-grace", "1", "--http-body-min-rate", "1000000")) {
            Process upload = upload(server, version);
            // A few bytes between any two requests of somebody else: never idle, and never fast enough.
            while (server.log().indexOf("POST /count") < 0) {
                try {
                    upload.getOutputStream().write(new byte[10]);
                    upload.getOutputStream().flush();
                } catch (IOException e) {
                    // It has heard.
                }
                othersAreServed(server);
            }
            assertThat(server.awaitLine(line -> line.contains("POST /count"))).contains("why=body-too-slow");
            assertThat(end(upload)).contains("came too slowly").endsWith(" 408");
        }
    }

    @Test
    void slowReadersHoldNoWorker() throws Exception {
        try (RunningServer server = serve()) {
            List<Socket> readers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket reader = connect(server.port());
                reader.getOutputStream()
                        .write(ascii("GET /download?20000000 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
                readers.add(reader);
            }
            for (int i = 0; i < 20; i++) {
                othersAreServed(server);
            }
            for (Socket reader : readers) {
                assertThat(countTo(reader)).isGreaterThan(20_000_000);
                reader.close();
            }
        }
    }

    private static long countTo(Socket reader) throws IOException {
        byte[] block = new byte[1 << 16];
        long total = 0;
        for (int n = reader.getInputStream().read(block);
                n >= 0;
                n = reader.getInputStream().read(block)) {
            total += n;
        }
        return total;
    }

    @Test
    void aDiskThatTakesNoMoreIs503AndALine() throws Exception {
        Path launcher = directory.resolve("small-files");
        Files.writeString(
                launcher, "#!/bin/bash\nulimit -f 4096\nexec '" + RunningServer.ROOT.resolve("juwsgi") + "' \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (RunningServer server = serveBy(launcher)) {
            Socket socket = connect(server.port());
            socket.getOutputStream().write(ascii("POST /count HTTP/1.1\r\nHost: x\r\nContent-Length: 6000000\r\n\r\n"));
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    socket.getOutputStream().write(new byte[6_000_000]);
                } catch (IOException e) {
                    // The server has had enough.
                }
            });
            byte[] head = socket.getInputStream().readNBytes(12);
            assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503");
            assertThat(server.awaitLine("its body cannot wait in")).contains("File too large");
            server.awaitLine("why=body-buffer-full");
            othersAreServed(server);
            socket.close();
            sender.join();
        }
    }

    /** slowhttptest's modes: slow heads, slow bodies, slow readers, many ranges. */
    private static final Map<String, String> ATTACKS = Map.of(
            "heads",
            "-H -i 1",
            "bodies",
            "-B -i 1 -s 100000 -t POST",
            "readers",
            "-X -w 10 -y 20 -z 5",
            "ranges",
            "-R");

    @Test
    void othersAreServedDuringSlowhttptest() throws Exception {
        try (RunningServer server =
                serve("--http-min-rate-grace", "2", "--http-body-min-rate", "1000", "--http-timeout", "5")) {
            for (Map.Entry<String, String> attack : ATTACKS.entrySet()) {
                attack(server, attack.getKey(), attack.getValue());
            }
        }
    }

    private void attack(RunningServer server, String name, String mode) throws Exception {
        List<String> command = new ArrayList<>(List.of("slowhttptest", "-c", "400", "-r", "400", "-l", "4"));
        command.addAll(List.of(mode.split(" ")));
        command.addAll(List.of("-u", server.uri("/download?3000000").toString()));
        Path output = directory.resolve(name);
        Process attack = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int served = 0;
        try {
            while (attack.isAlive()) {
                othersAreServed(server);
                served++;
            }
        } finally {
            attack.destroyForcibly();
        }
        // Its own probe asks for the same page, once a second.
        assertThat(Files.readString(output, StandardCharsets.ISO_8859_1))
                .as(name)
                .contains("service available");
        assertThat(served).as(name).isGreaterThan(4);
    }
}
