package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that README.md prints. */
class HelloIT {

    @Test
    void servesTheHelloExampleAsTheReadmeStartsIt() throws Exception {
        try (RunningServer server = RunningServer.start(
                RunningServer.ROOT,
                "--http",
                "127.0.0.1:0",
                "--wsgi-file",
                "examples/hello/app.py",
                "--callable",
                "app",
                "--processes",
                "4",
                "--threads",
                "2")) {
            var answer = server.ready(4).get("/");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).startsWith("Hello");
            server.awaitLine(line -> line.matches(
                    "\\[pid: \\d+\\|app: 0\\|req: \\d+/\\d+] 127\\.0\\.0\\.1 \\(\\) \\{\\d+ vars in \\d+ bytes} "
                            + "\\[[^]]+] GET / => generated \\d+ bytes in \\d+ msecs \\(HTTP/1.1 200\\) \\d+ headers in "
                            + "\\d+ bytes \\(\\d+ switches on core \\d+\\)"));
        }
    }

    @Test
    void findsAFlaskApplicationInTheWorkingDirectory() throws Exception {
        try (RunningServer server = RunningServer.start(
                RunningServer.ROOT.resolve("examples/flask"),
                "--http",
                "127.0.0.1:0",
                "--processes",
                "2",
                "--threads",
                "2",
                "--python",
                Apps.PYTHON)) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void findsADjangoProjectAndServesItsAdmin() throws Exception {
        try (RunningServer server = RunningServer.start(
                RunningServer.ROOT.resolve("examples/django"), "--http", "127.0.0.1:0", "--python", Apps.PYTHON)) {
            var answer = server.get("/admin/login/");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Django administration").contains("csrfmiddlewaretoken");
        }
    }

    @Test
    void saysHowToLoadAnApplicationWhenThereIsNone(@TempDir Path empty) throws Exception {
        try (RunningServer server = RunningServer.start(empty, "--http", "127.0.0.1:0")) {
            server.awaitLine("no application");
            var answer = server.get("/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("--wsgi-file app.py --callable app");
        }
    }

    @Test
    void endsWith22WhenAnApplicationIsNeededAndThereIsNone(@TempDir Path empty) throws Exception {
        try (RunningServer server = RunningServer.start(empty, "--http", "127.0.0.1:0", "--need-app")) {
            assertThat(server.exitCode()).isEqualTo(22);
        }
    }

    @Test
    void readsAnIniFile(@TempDir Path directory) throws Exception {
        Apps.write(directory, Apps.PATHS);
        Files.writeString(directory.resolve("uwsgi.ini"), """
                [uwsgi]
                ; as people write it
                http = 127.0.0.1:0
                module = app:app
                master = true
                processes = 2
                vacuum = true
                harakari = 30
                """);
        try (RunningServer server = RunningServer.start(directory, "--ini", "uwsgi.ini")) {
            assertThat(server.get("/").body()).isEqualTo("hello");
            assertThat(server.log()).contains("uwsgi.ini:8").contains("harakiri");
        }
    }

    @Test
    void readsAHoconFile(@TempDir Path directory) throws Exception {
        Apps.write(directory, Apps.PATHS);
        Files.writeString(directory.resolve("juwsgi.conf"), """
                http = "127.0.0.1:0"
                module = "app:app"
                processes = 2
                """);
        try (RunningServer server = RunningServer.start(directory, "juwsgi.conf")) {
            assertThat(server.get("/").body()).isEqualTo("hello");
        }
    }
}
