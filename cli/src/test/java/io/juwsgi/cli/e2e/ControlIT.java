package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How others command a running server. */
class ControlIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void reloadAndStopByPidfile() throws Exception {
        Path pidfile = directory.resolve("server.pid");
        try (RunningServer server = serve("--safe-pidfile", pidfile.toString()).ready(1)) {
            assertThat(pidfile).hasContent(Long.toString(server.pid()));
            try (RunningServer command = RunningServer.start(directory, "--reload", pidfile.toString())) {
                assertThat(command.exitCode()).isZero();
            }
            server.awaitLine("...gracefully killing workers...");
            try (RunningServer command = RunningServer.start(directory, "--stop", pidfile.toString())) {
                assertThat(command.exitCode()).isZero();
            }
            assertThat(server.exitCode()).isZero();
            assertThat(pidfile).doesNotExist();
            try (RunningServer command = RunningServer.start(directory, "--stop", pidfile.toString())) {
                assertThat(command.exitCode()).isEqualTo(1);
                assertThat(command.log()).contains("stop: cannot read " + pidfile);
            }
        }
    }

    @Test
    void commandsComeThroughTheMasterFifo() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (RunningServer server = serve("--master-fifo", fifo.toString()).ready(1);
                Clients clients = new Clients(server, 4)) {
            Files.writeString(fifo, "+");
            server.awaitWorker(2, 0);
            Files.writeString(fifo, "r");
            server.awaitLine("...gracefully killing workers...");
            clients.awaitAnswers(50);
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void takesSignalsThatItsStarterIgnored() throws Exception {
        Path starter = Files.writeString(
                directory.resolve("starter"),
                "#!/bin/sh\ntrap '' HUP INT QUIT\nexec " + RunningServer.ROOT.resolve("juwsgi") + " \"$@\"\n");
        assertThat(starter.toFile().setExecutable(true)).isTrue();
        try (RunningServer server =
                RunningServer.startBy(starter, directory, Map.of(), arguments()).ready(1)) {
            server.signal("HUP");
            server.awaitLine("...gracefully killing workers...");
            server.signal("INT");
            assertThat(server.exitCode()).isZero();
        }
    }

    @Test
    void withoutDieOnTermASigtermReloadsBrutally() throws Exception {
        Files.writeString(directory.resolve("server.ini"), "[uwsgi]\ndie-on-term = false\n");
        try (RunningServer server = serve("--ini", "server.ini").ready(1)) {
            server.signal("TERM");
            server.awaitLine("...brutally reloading workers...");
            server.awaitLine("...gracefully killing workers...");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            server.signal("INT");
            assertThat(server.exitCode()).isZero();
        }
    }

    private RunningServer serve(String... more) throws Exception {
        return RunningServer.start(directory, arguments(more));
    }

    private static String[] arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
