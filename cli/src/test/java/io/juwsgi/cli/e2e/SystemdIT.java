package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** juwsgi as a service of systemd: what it tells, the sockets that it is given, the units that it brings. */
class SystemdIT {
    private static final Path SOCKET_ACTIVATE = Path.of("/usr/bin/systemd-socket-activate");

    @TempDir
    Path directory;

    private Path notify;
    private UnixDatagramChannel systemd;

    @BeforeEach
    void listen() throws Exception {
        Apps.write(directory, Apps.PATHS);
        notify = directory.resolve("notify.sock");
        systemd = UnixDatagramChannel.open();
        systemd.bind(new UnixSocketAddress(notify.toFile()));
    }

    @AfterEach
    void close() throws Exception {
        systemd.close();
    }

    @Test
    void tellsReadyReloadingAndStopping() throws Exception {
        try (RunningServer server = serve(Map.of())) {
            assertThat(await("READY=1")).contains("STATUS=juwsgi is ready");
            assertThat(server.get("/").statusCode()).isEqualTo(200);

            long before = System.nanoTime() / 1000;
            server.signal("HUP");
            String reloading = await("RELOADING=1");
            Matcher time = Pattern.compile("MONOTONIC_USEC=([0-9]+)").matcher(reloading);
            assertThat(time.find()).as(reloading).isTrue();
            assertThat(Long.parseLong(time.group(1))).isBetween(before, System.nanoTime() / 1000);
            assertThat(await("READY=1")).contains("STATUS=generation 1 serves");

            server.signal("TERM");
            await("STOPPING=1");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void tellsWhyAReloadFailed() throws Exception {
        try (RunningServer server = serve(Map.of())) {
            await("READY=1");
            Apps.write(directory, "raise RuntimeError('new code is broken')\n");
            server.signal("HUP");
            await("RELOADING=1");
            assertThat(await("READY=1")).contains("STATUS=reload failed: ", "goes on serving the old code");
        }
    }

    /** As in units that were written for uWSGI, with which systemd signals the main process. */
    @Test
    void stopsInSecondsWithKillSignalQuit() throws Exception {
        try (RunningServer server = serve(Map.of(), "--processes", "2");
                ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            await("READY=1");
            List<ProcessHandle> all = server.process().toHandle().descendants().toList();
            assertThat(all).hasSize(3);
            Future<String> running = tasks.submit(() -> server.get("/sleep?1").body());
            Future<?> _ = tasks.submit(() -> server.get("/sleep?600").body());
            server.awaitLine("sleeping");
            server.awaitLine("sleeping");
            server.signal("QUIT");
            await("STOPPING=1");
            assertThat(running.get()).isEqualTo("slept");
            assertThat(server.exitCode()).isZero();
            assertThat(all).noneMatch(ProcessHandle::isAlive);
        }
    }

    /** As with KillMode=control-group, which is systemd's default. */
    @Test
    void finishesRequestsWhenEveryProcessOfTheServiceIsSignalled() throws Exception {
        try (RunningServer server = serve(Map.of(), "--processes", "2");
                ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor()) {
            await("READY=1");
            Future<String> running = tasks.submit(() -> server.get("/sleep?2").body());
            server.awaitLine("sleeping");
            List<String> kill = new ArrayList<>(List.of("kill", "-TERM", Long.toString(server.pid())));
            server.process().toHandle().descendants().forEach(process -> kill.add(Long.toString(process.pid())));
            assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
            assertThat(running.get()).isEqualTo("slept");
            assertThat(server.exitCode()).isZero();
            assertThat(server.log()).doesNotContain("DAMN !");
        }
    }

    @Test
    void feedsTheWatchdog() throws Exception {
        try (RunningServer server = serve(Map.of("WATCHDOG_USEC", "400000"))) {
            for (int beat = 0; beat < 3; beat++) {
                await("WATCHDOG=1");
            }
            assertThat(server.alive()).isTrue();
        }
    }

    @Test
    void leavesAWatchdogAloneThatIsForAnotherProcess() throws Exception {
        try (RunningServer server = serve(Map.of("WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1"))) {
            assertThat(receive()).contains("READY=1");
            server.signal("INT");
            assertThat(receive()).contains("STOPPING=1");
        }
    }

    @Test
    void servesOnTheSocketsThatSystemdHasOpened() throws Exception {
        Path plain = directory.resolve("plain.sock");
        Path named = directory.resolve("named.sock");
        Path uwsgi = directory.resolve("uwsgi.sock");
        List<String> arguments = new ArrayList<>(List.of("--listen=127.0.0.1:" + freePort()));
        for (Path path : List.of(plain, named, uwsgi)) {
            arguments.add("--listen=" + path);
        }
        arguments.addAll(List.of(
                "--fdname=web:plain:http:other",
                RunningServer.ROOT.resolve("juwsgi").toString()));
        arguments.addAll(List.of("--http", "fd://web", "--http-socket", plain.toString()));
        arguments.addAll(List.of("--module", "app:app", "--python", Apps.PYTHON));
        try (RunningServer server =
                RunningServer.startBy(SOCKET_ACTIVATE, directory, Map.of(), arguments.toArray(String[]::new))) {
            server.awaitLine("Listening on " + uwsgi);
            // The first connection starts the server; it waits until that accepts.
            assertThat(getOverUnix(plain)).startsWith("HTTP/1.1 200 OK").endsWith("hello");
            assertThat(server.get("/").body()).isEqualTo("hello");
            assertThat(getOverUnix(named)).startsWith("HTTP/1.1 200 OK").endsWith("hello");
            server.awaitLine("juwsgi uwsgi bound on unix:" + uwsgi);
            server.signal("INT");
            assertThat(server.exitCode()).isZero();
        }
        assertThat(plain).exists();
    }

    @Test
    void saysWhichSocketIsMissing() throws Exception {
        try (RunningServer server = RunningServer.start(directory, "--http", "fd://web", "--module", "app:app")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("--http fd://web: no such socket was passed to this process");
        }
    }

    @Test
    void theShippedUnitsAreValid() throws Exception {
        Path units = RunningServer.ROOT.resolve("packaging/systemd");
        for (String kind : List.of("service", "socket")) {
            String unit = Files.readString(units.resolve("juwsgi@." + kind))
                    .replace(
                            "/usr/bin/juwsgi",
                            RunningServer.ROOT.resolve("juwsgi").toString());
            Files.writeString(directory.resolve("juwsgi@shop." + kind), unit);
        }
        Process verify = new ProcessBuilder("systemd-analyze", "verify", "juwsgi@shop.service", "juwsgi@shop.socket")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain("juwsgi@shop");
    }

    private RunningServer serve(Map<String, String> more, String... options) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("NOTIFY_SOCKET", notify.toString());
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0", "--module", "app:app"));
        arguments.addAll(List.of("--python", Apps.PYTHON));
        arguments.addAll(List.of(options));
        return RunningServer.start(directory, environment, arguments.toArray(String[]::new));
    }

    /** Asks the system: systemd's tool takes no port 0. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String getOverUnix(Path path) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap(
                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Returns the next message that contains this, and drops those before it. */
    private String await(String part) throws IOException {
        String message = receive();
        while (!message.contains(part)) {
            message = receive();
        }
        return message;
    }

    private String receive() throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        systemd.receive(datagram);
        return new String(datagram.array(), 0, datagram.position(), StandardCharsets.UTF_8);
    }
}
