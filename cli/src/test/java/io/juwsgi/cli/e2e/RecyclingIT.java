package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers are replaced when they are old or large, and no client notices. */
class RecyclingIT {
    private static final String GROWING = """
            import os
            kept = []
            def app(environ, start_response):
                if environ['PATH_INFO'] == '/grow':
                    kept.append(b'x' * int(environ['QUERY_STRING']) * 1024 * 1024)
                start_response('200 OK', [])
                return [str(os.getpid()).encode()]
            """;

    @TempDir
    Path directory;

    @Test
    void noRequestIsLostWhenWorkersHaveLivedTheirTime() throws Exception {
        Apps.write(directory, Apps.PATHS);
        try (RunningServer server =
                        serve("--processes", "3", "--max-worker-lifetime", "1").ready(3);
                Clients clients = new Clients(server, 8)) {
            for (int count = 0; count < 6; count++) {
                int from = server.logSize();
                server.awaitLine(line -> line.contains("buried after"), from);
            }
            clients.awaitAnswers(50);
            assertThat(clients.failures()).isEmpty();
        }
    }

    @Test
    void aWorkerThatLeaksIsReplacedAndNoRequestIsLost() throws Exception {
        Apps.write(directory, GROWING);
        try (RunningServer server = serve("--processes", "2", "--reload-on-rss", "120", "--min-worker-lifetime", "0")
                .ready(2)) {
            var grown = server.get("/grow?200");
            assertThat(grown.statusCode()).isEqualTo(200);
            server.awaitLine("(reload-on-rss: 120), it will be replaced");
            server.awaitLine(line -> line.contains("buried") && line.contains("(pid: " + grown.body()));
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aWorkerThatIsMuchTooLargeIsKilledAtOnce() throws Exception {
        Apps.write(directory, GROWING);
        try (RunningServer server =
                serve("--processes", "1", "--evil-reload-on-rss", "120").ready(1)) {
            String pid = server.get("/grow?200").body();
            server.awaitLine("(evil-reload-on-rss: 120); it will be killed, replacement now");
            server.awaitLine(line -> line.contains("buried") && line.contains("(pid: " + pid));
            assertThat(server.get("/").body()).isNotEqualTo(pid);
        }
    }

    @Test
    void limitAsMakesALargeAllocationFailInTheApplication() throws Exception {
        Apps.write(directory, GROWING);
        try (RunningServer server =
                serve("--processes", "1", "--limit-as", "1000").ready(1)) {
            assertThat(server.get("/grow?2000").statusCode()).isEqualTo(500);
            server.awaitLine("MemoryError");
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    private RunningServer serve(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "--http", "127.0.0.1:0", "--wsgi-file", "app.py", "--callable", "app", "--python", Apps.PYTHON));
        arguments.addAll(List.of(more));
        return RunningServer.start(directory, arguments.toArray(String[]::new));
    }
}
