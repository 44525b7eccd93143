package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake gets one clear line and a non-zero exit. */
class CommandLineMistakesIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void unknownOption() throws Exception {
        fails(List.of("--http", "127.0.0.1:0", "--procesess", "4"), "--procesess", "--processes");
    }

    @Test
    void wrongPort() throws Exception {
        fails(List.of("--http", "127.0.0.1:99999"), "99999");
    }

    @Test
    void portInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fails(List.of("--http", "127.0.0.1:" + taken.getLocalPort()), "in use", "" + taken.getLocalPort());
        }
    }

    @Test
    void missingFile() throws Exception {
        fails(List.of("--http", "127.0.0.1:0", "--wsgi-file", "nowhere.py"), "nowhere.py");
    }

    @Test
    void missingIni() throws Exception {
        fails(List.of("--ini", "nowhere.ini"), "nowhere.ini");
    }

    @Test
    void wrongCallable() throws Exception {
        fails(List.of("--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "nothere"), "nothere");
    }

    @Test
    void missingInterpreter() throws Exception {
        fails(List.of("--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--python", "/no/python"), "/no/python");
    }

    @Test
    void missingModuleNamesItAndTheInterpreter() throws Exception {
        Apps.write(directory, "import surely_not_there\n");
        fails(
                List.of("--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--python", Apps.PYTHON),
                "surely_not_there",
                Apps.PYTHON);
    }

    @Test
    void brokenImportGivesItsTracebackOnceAndEnds() throws Exception {
        Apps.write(directory, "raise RuntimeError('broken on import')\n");
        try (RunningServer server =
                RunningServer.start(directory, "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--processes", "4")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.log().split("Traceback", -1)).hasSize(2);
        }
    }

    private void fails(List<String> arguments, String... words) throws Exception {
        try (RunningServer server = RunningServer.start(directory, arguments.toArray(String[]::new))) {
            assertThat(server.exitCode()).isNotZero();
            assertThat(server.log()
                            .lines()
                            .filter(line -> List.of(words).stream().allMatch(line::contains)))
                    .as("one line with %s in:\n%s", List.of(words), server.log())
                    .isNotEmpty();
            assertThat(server.log()).doesNotContain("\tat java.", "\tat io.juwsgi");
        }
    }
}
