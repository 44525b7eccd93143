package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of workers follows what there is to do. */
class ElasticIT {
    @TempDir
    Path directory;

    @BeforeEach
    void anApplication() throws Exception {
        Apps.write(directory, Apps.PATHS);
    }

    @Test
    void workersComeWithTheLoadAndGoWithIt() throws Exception {
        try (RunningServer server = serve("--processes", "3", "--cheaper", "1", "--cheaper-overload", "1")
                        .ready(1);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                answers.add(clients.submit(() -> server.get("/sleep?3").statusCode()));
            }
            server.awaitWorker(3, 0);
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
            server.awaitLine(line -> line.startsWith("worker 3") && line.contains("is not needed any more"));
            server.awaitLine(line -> line.startsWith("worker 2") && line.contains("is not needed any more"));
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aServerWithoutWorkersWakesForARequest() throws Exception {
        try (RunningServer server = serve("--processes", "2", "--cheap", "--idle", "1")) {
            assertThat(server.get("/").statusCode()).isEqualTo(200);
            server.awaitLine("no request for 1 s: stopping the workers until the next one comes");
            server.awaitLine(line -> line.startsWith("worker 1 buried"));
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void ttinAndTtouMeanOneWorkerMoreOrLess() throws Exception {
        try (RunningServer server = serve("--processes", "1").ready(1)) {
            server.signal("TTIN");
            server.awaitWorker(2, 0);
            server.signal("TTOU");
            server.awaitLine(line -> line.startsWith("worker 2 buried"));
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
