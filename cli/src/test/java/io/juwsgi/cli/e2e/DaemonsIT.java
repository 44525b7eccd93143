package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs and commands beside a running server. */
class DaemonsIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void anAttachedProgramSurvivesAReloadOfTheWorkersAndEndsWithTheServer() throws Exception {
        try (RunningServer server = serve(
                        "--attach-daemon",
                        "echo \"$GREETING, daemon $$\"; exec sleep 600",
                        "--cron2",
                        "unique=1 echo tick",
                        "--env",
                        "GREETING=hello")
                .ready(1)) {
            long pid = lastNumber(server.awaitLine("[daemon echo] hello, daemon "));
            server.awaitLine("[cron echo] tick");
            int from = server.logSize();
            server.signal("HUP");
            server.awaitWorker(1, from);
            assertThat(ProcessHandle.of(pid)).isPresent();
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            server.signal("TERM");
            assertThat(server.exitCode()).isZero();
            assertThat(server.log()).contains("[uwsgi-daemons] echo (pid: " + pid + ") has ended");
            assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        }
    }

    @Test
    void anAttachedProgramDoesNotOutliveAServerThatIsKilled() throws Exception {
        try (RunningServer server =
                serve("--attach-daemon", "echo \"daemon $$\"; exec sleep 600").ready(1)) {
            long pid = lastNumber(server.awaitLine("[daemon echo] daemon "));
            ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
            server.signal("KILL");
            daemon.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void theServerEndsWithItsControlDaemon() throws Exception {
        Path file = directory.resolve("go");
        String command = "while [ ! -e " + file + " ]; do sleep 0.05; done";
        try (RunningServer server = serve("--attach-control-daemon", command).ready(1)) {
            Files.createFile(file);
            assertThat(server.exitCode()).isZero();
            assertThat(server.log()).contains("the server stops, as it must not run without it");
        }
    }

    @Test
    void aMistakeIsToldBeforeAnythingIsServed() throws Exception {
        try (RunningServer server = serve("--cron", "61 -1 -1 -1 -1 true")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log()).contains("cron: minute: 61 (expected: -60 to 59)");
        }
    }

    private static long lastNumber(String line) {
        return Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }
}
