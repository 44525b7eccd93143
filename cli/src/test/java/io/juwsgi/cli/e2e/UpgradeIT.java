package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGUSR2: another process takes over, and clients do not notice. */
class UpgradeIT {
    private static final Pattern TAKEN_OVER = Pattern.compile("\\.\\.\\.process ([0-9]+) serves now");

    @TempDir
    Path directory;

    private Path pidfile;
    private final List<ProcessHandle> successors = new ArrayList<>();

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
        pidfile = directory.resolve("server.pid");
    }

    @AfterEach
    void endSuccessors() {
        successors.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void noRequestFailsDuringFiveUpgradesUnderLoad() throws Exception {
        try (RunningServer server =
                serve("--processes", "2", "--threads", "2", "--disable-logging").ready(2)) {
            try (Clients clients = new Clients(server, 64)) {
                clients.awaitAnswers(64);
                for (int round = 0; round < 5; round++) {
                    upgrade(server);
                    clients.awaitAnswers(128);
                }
                System.out.println("chaos: five upgrades: " + clients.answered() + " requests, "
                        + clients.failures().size() + " kinds of failures");
                assertThat(clients.failures()).as("log:\n%s", server.log()).isEmpty();
            }
            assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(server.process().exitValue()).isZero();
            awaitEnd(successors.subList(0, 4));
            assertThat(server.get("/").body()).isEqualTo("hello");
            stopTheLast();
            assertThat(pidfile).doesNotExist();
        }
    }

    @Test
    void aRequestThatIsUnderWayIsFinishedByTheOldProcess() throws Exception {
        Apps.write(directory, """
                import os, time
                def app(environ, start_response):
                    print('waiting', flush=True)
                    while not os.path.exists('release'):
                        time.sleep(0.05)
                    start_response('200 OK', [('Content-Length', '5')])
                    return [b'hello']
                """);
        try (RunningServer server = serve().ready(1);
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            server.awaitLine("waiting");
            upgrade(server);
            Files.createFile(directory.resolve("release"));
            // All bytes: the old process closes the connection when it has answered.
            byte[] answer = client.getInputStream().readAllBytes();
            assertThat(new String(answer, StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("hello");
            stopTheLast();
        }
    }

    @Test
    void theOldProcessGoesOnWhenTheNewOneCannotLoadTheApplication() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (RunningServer server = serve("--master-fifo", fifo.toString()).ready(1)) {
            Apps.write(directory, "raise RuntimeError('new code is broken')\n");
            server.signal("USR2");
            server.awaitLine("new code is broken");
            server.awaitLine("*** UPGRADE FAILED: ");
            assertThat(server.get("/").body()).isEqualTo("hello");
            assertThat(pidfile).hasContent(Long.toString(server.pid()));

            Apps.write(directory, Apps.PATHS);
            upgrade(server);
            assertThat(server.get("/").body()).isEqualTo("hello");
            stopTheLast();
        }
    }

    @Test
    void theOldProcessTakesBackWhatItGaveUp() throws Exception {
        Path fifo = directory.resolve("fifo");
        Path stats = directory.resolve("stats.sock");
        Path more = Files.writeString(directory.resolve("more.ini"), "[uwsgi]\n");
        try (RunningServer server = serve(
                                "--master-fifo", fifo.toString(), "--stats", stats.toString(), "--ini", more.toString())
                        .ready(1);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(more, "[uwsgi]\nhttp-socket = 127.0.0.1:" + taken.getLocalPort() + "\n");
            server.signal("USR2");
            server.awaitLine("the address is in use by another process");
            server.awaitLine("*** UPGRADE FAILED: ");
            assertThat(pidfile).hasContent(Long.toString(server.pid()));
            assertThat(read(stats, "")).contains("\"pid\":" + server.pid());
            Files.writeString(fifo, "+");
            server.awaitWorker(2, 0);
        }
    }

    @Test
    void aServerInTheBackgroundIsReplacedByAnotherOne() throws Exception {
        LogFile log = new LogFile(directory.resolve("server.log"));
        try (RunningServer command = serve("--daemonize", log.path().toString())) {
            assertThat(command.exitCode()).isZero();
        }
        long first = Long.parseLong(Files.readString(pidfile).strip());
        ProcessHandle old = ProcessHandle.of(first).orElseThrow();
        successors.add(old);
        URI uri = URI.create(log.baseUri());
        assertThat(new ProcessBuilder("kill", "-USR2", Long.toString(first))
                        .start()
                        .waitFor())
                .isZero();
        Matcher taken = TAKEN_OVER.matcher(log.await(TAKEN_OVER.pattern()));
        assertThat(taken.find()).isTrue();
        ProcessHandle successor =
                ProcessHandle.of(Long.parseLong(taken.group(1))).orElseThrow();
        successors.add(successor);
        assertThat(pidfile).hasContent(taken.group(1));
        old.onExit().get(60, TimeUnit.SECONDS);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("hello");
        }
        try (RunningServer command = RunningServer.start(directory, "--stop", pidfile.toString())) {
            assertThat(command.exitCode()).isZero();
        }
        successor.onExit().get(60, TimeUnit.SECONDS);
        assertThat(log.lines()).last().asString().contains("goodbye to juwsgi");
        assertThat(pidfile).doesNotExist();
    }

    @Test
    void unixSocketsAndSideDoorsGoOver() throws Exception {
        Path web = directory.resolve("web.sock");
        Path stats = directory.resolve("stats.sock");
        Path fifo = directory.resolve("fifo");
        Path ctl = directory.resolve("ctl.sock");
        String[] arguments = {
            "--http-socket",
            web.toString(),
            "--stats",
            stats.toString(),
            "--master-fifo",
            fifo.toString(),
            "--ctl-socket",
            ctl.toString(),
            "--vacuum"
        };
        try (RunningServer server = serve(arguments).ready(1)) {
            upgrade(server);
            assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            long successor = successors.getLast().pid();
            assertThat(read(web, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200 OK")
                    .endsWith("hello");
            assertThat(read(stats, "")).contains("\"pid\":" + successor);
            assertThat(read(ctl, "{\"command\":\"status\"}\n")).contains("\"pid\":" + successor);
            int from = server.logSize();
            Files.writeString(fifo, "+");
            server.awaitWorker(2, from);
            stopTheLast();
            assertThat(List.of(web, stats, ctl, fifo))
                    .allSatisfy(path -> assertThat(path).doesNotExist());
        }
    }

    @Test
    void systemdHearsWhichProcessIsTheService() throws Exception {
        Path notify = directory.resolve("notify.sock");
        try (UnixDatagramChannel systemd = UnixDatagramChannel.open()) {
            systemd.bind(new UnixSocketAddress(notify.toFile()));
            try (RunningServer server = serve(Map.of("NOTIFY_SOCKET", notify.toString()))) {
                assertThat(receive(systemd)).contains("READY=1");
                upgrade(server);
                assertThat(receive(systemd)).contains("RELOADING=1", "MONOTONIC_USEC=");
                assertThat(receive(systemd))
                        .contains("MAINPID=" + successors.getLast().pid(), "READY=1");
                assertThat(server.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
                successors.getLast().destroy();
                assertThat(receive(systemd)).contains("STOPPING=1");
                awaitEnd(successors);
            }
        }
    }

    /** Asks the process that serves for an upgrade, and waits until the next one does. */
    private void upgrade(RunningServer server) throws Exception {
        long serving =
                successors.isEmpty() ? server.pid() : successors.getLast().pid();
        int from = server.logSize();
        assertThat(new ProcessBuilder("kill", "-USR2", Long.toString(serving))
                        .start()
                        .waitFor())
                .isZero();
        Matcher taken = TAKEN_OVER.matcher(
                server.awaitLine(line -> TAKEN_OVER.matcher(line).find(), from));
        assertThat(taken.find()).isTrue();
        successors.add(ProcessHandle.of(Long.parseLong(taken.group(1))).orElseThrow());
        assertThat(pidfile).hasContent(taken.group(1));
    }

    private void stopTheLast() {
        successors.getLast().destroy();
        awaitEnd(successors);
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        processes.forEach(
                process -> process.onExit().orTimeout(60, TimeUnit.SECONDS).join());
    }

    private static String read(Path path, String request) throws IOException {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            if (!request.isEmpty() && request.startsWith("{")) {
                client.shutdownOutput();
            }
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String receive(UnixDatagramChannel systemd) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        systemd.receive(datagram);
        return new String(datagram.array(), 0, datagram.position(), StandardCharsets.UTF_8);
    }

    private RunningServer serve(String... more) throws IOException {
        return serve(Map.of(), more);
    }

    private RunningServer serve(Map<String, String> environment, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0", "--module", "app:app"));
        arguments.addAll(List.of("--python", Apps.PYTHON, "--pidfile", pidfile.toString()));
        arguments.addAll(List.of(more));
        return RunningServer.startForUpgrades(directory, environment, arguments.toArray(String[]::new));
    }
}
