package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that leaves the terminal. */
class BackgroundIT {
    @TempDir
    Path directory;

    private RunningServer start(Path log, Path pidfile) throws Exception {
        return RunningServer.start(
                directory,
                "--http",
                "127.0.0.1:0",
                "--wsgi-file",
                "app.py",
                "--callable",
                "app",
                "--python",
                Apps.PYTHON,
                "--need-app",
                "--pidfile",
                pidfile.toString(),
                "--daemonize",
                log.toString());
    }

    @Test
    void theCommandReturnsWhenTheServerIsReady() throws Exception {
        Apps.write(directory, Apps.PATHS);
        Path log = Files.writeString(directory.resolve("server.log"), "what was there\n");
        Path pidfile = directory.resolve("server.pid");
        ProcessHandle server;
        try (RunningServer command = start(log, pidfile)) {
            assertThat(command.exitCode()).isZero();
            long pid = Long.parseLong(Files.readString(pidfile).strip());
            assertThat(command.log()).contains("juwsgi runs in the background (pid: " + pid + ", log: " + log + ")");
            server = ProcessHandle.of(pid).orElseThrow();
        }
        try {
            assertThat(log).content().startsWith("what was there\n").contains("juwsgi http bound on http://127.0.0.1:");
            try (RunningServer command = RunningServer.start(directory, "--stop", pidfile.toString())) {
                assertThat(command.exitCode()).isZero();
            }
            server.onExit().get(60, TimeUnit.SECONDS);
            assertThat(log).content().contains("goodbye to juwsgi.");
            assertThat(pidfile).doesNotExist();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void theCommandFailsAsTheServerDoesAndShowsWhy() throws Exception {
        Apps.write(directory, "raise ValueError('a reason')\n");
        Path log = directory.resolve("server.log");
        try (RunningServer command = start(log, directory.resolve("server.pid"))) {
            assertThat(command.exitCode()).isEqualTo(22);
            assertThat(command.log()).contains("ValueError: a reason", "the server has not come up, exit code 22");
        }
        assertThat(log).content().contains("ValueError: a reason");
    }
}
