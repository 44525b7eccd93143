package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code juwsgi ctl} as an operator uses it. */
class CtlIT {
    private static final Pattern SLEEPER =
            Pattern.compile("\"id\":\"([0-9a-f]{16})\",\"state\":\"running\",\"worker\":([0-9]+)");

    @TempDir
    Path directory;

    private Path socket;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
        socket = directory.resolve("ctl.sock");
    }

    @Test
    void showsAndEndsARequest() throws Exception {
        try (RunningServer server = serve("--processes", "2").ready(2)) {
            assertThat(ctl(0, "workers", "--json")).contains("\"id\":1", "\"id\":2", "\"state\":\"ready\"");
            CompletableFuture<HttpResponse<String>> sleeper = CompletableFuture.supplyAsync(() -> get(server));
            Matcher running = awaitSleeper(server);

            assertThat(ctl(0, "trace", running.group(2)))
                    .contains("request: " + running.group(1))
                    .contains("time.sleep(float(environ['QUERY_STRING']))");
            assertThat(ctl(0, "kill", running.group(1))).isEqualTo("killed: " + running.group(1));

            HttpResponse<String> answer = sleeper.get(60, TimeUnit.SECONDS);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("ended by the operator");
            server.awaitLine("killed: request=" + running.group(1) + " method=GET url=/sleep?600");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            assertThat(ctl(1, "kill", running.group(1))).contains("there is no request " + running.group(1));
        }
    }

    @Test
    void reloadsAndStops() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1)) {
            assertThat(ctl(0, "reload")).isEqualTo("reload: all");
            server.awaitLine("generation 1 is ready");
            assertThat(ctl(0, "status")).contains("pid: " + server.pid(), "ready_workers: 1");
            assertThat(ctl(0, "stop", "quick")).isEqualTo("stop: quick");
            assertThat(server.exitCode()).isZero();
            assertThat(socket).doesNotExist();
            assertThat(ctl(1, "status")).contains("no server answers at " + socket);
        }
    }

    @Test
    void findsAServerByItsProcessId() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1);
                RunningServer command =
                        RunningServer.start(directory, "ctl", "--pid", Long.toString(server.pid()), "status")) {
            assertThat(command.exitCode()).isZero();
            assertThat(command.log()).contains("pid: " + server.pid());
        }
    }

    @Test
    void otherUsersAreRefusedWhateverTheModeOfTheFile() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            Process other = new ProcessBuilder(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            Apps.PYTHON,
                            "-c",
                            """
                            import socket, sys
                            s = socket.socket(socket.AF_UNIX)
                            s.connect(sys.argv[1])
                            s.sendall(b'{"command":"stop"}\\n')
                            print(s.makefile().readline())
                            """,
                            socket.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(other.getInputStream().readAllBytes()))
                    .contains("\"ok\":false", "may not control this server");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    private Matcher awaitSleeper(RunningServer server) throws Exception {
        server.awaitLine("sleeping");
        Matcher running = SLEEPER.matcher(ctl(0, "requests", "--json"));
        assertThat(running.find()).isTrue();
        return running;
    }

    private static HttpResponse<String> get(RunningServer server) {
        try {
            return server.get("/sleep?600");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private String ctl(int exitCode, String... words) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("ctl", "--ctl-socket", socket.toString()));
        arguments.addAll(List.of(words));
        try (RunningServer command = RunningServer.start(directory, arguments.toArray(String[]::new))) {
            assertThat(command.exitCode()).as(command.log()).isEqualTo(exitCode);
            return command.log();
        }
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("--http", "127.0.0.1:0", "--module", "app:app", "--python", Apps.PYTHON));
        arguments.addAll(List.of("--ctl-socket", socket.toString()));
        arguments.addAll(List.of(more));
        RunningServer server = RunningServer.start(directory, arguments.toArray(String[]::new));
        server.awaitLine("juwsgi ctl bound on " + socket);
        return server;
    }
}
