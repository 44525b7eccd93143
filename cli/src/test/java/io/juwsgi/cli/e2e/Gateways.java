package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two servers that share what they have cached; each has an application that says whose it is, and counts. */
final class Gateways implements AutoCloseable {
    private static final String NAMED = """
            import os
            name = os.environ['SERVER_NAME_FOR_TEST']
            calls = 0

            def app(environ, start_response):
                global calls
                calls += 1
                start_response('200 OK', [('Content-Type', 'text/plain'), ('Cache-Control', 'max-age=600')])
                return [f'{name} {calls}'.encode()]
            """;

    private final RunningServer one;
    private final RunningServer two;
    private int probes;

    private Gateways(RunningServer one, RunningServer two) {
        this.one = one;
        this.two = two;
    }

    /** Starts both with the same options. */
    static Gateways start(Path directory, String... options) throws Exception {
        RunningServer one = server(directory, "one", options);
        try {
            return new Gateways(one, server(directory, "two", options));
        } catch (Exception | AssertionError e) {
            one.close();
            throw e;
        }
    }

    private static RunningServer server(Path directory, String name, String... options) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        Apps.write(home, NAMED);
        List<String> arguments = new ArrayList<>(
                List.of("--http", "127.0.0.1:0", "--callable", "app", "--http-cache", "--http-cache-store", "redis"));
        arguments.addAll(List.of(options));
        return RunningServer.start(home, Map.of("SERVER_NAME_FOR_TEST", name), arguments.toArray(String[]::new))
                .ready(1);
    }

    RunningServer one() {
        return one;
    }

    RunningServer two() {
        return two;
    }

    /** Both are asked as one host, as clients behind a load balancer do; every request is answered. */
    static String get(RunningServer server, String path) {
        return send(server, HttpRequest.newBuilder(server.uri(path)));
    }

    private static String send(RunningServer server, HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = server.send(request.header("X-Forwarded-Host", "shared.example"));
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a path that nobody has asked for. */
    String fresh() {
        return "/probe" + probes++;
    }

    private boolean shares() {
        String path = fresh();
        return get(one, path).equals(get(two, path)) && othersToo();
    }

    private boolean othersToo() {
        String path = fresh();
        return get(two, path).equals(get(one, path));
    }

    /** Waits until each finds what the other one has stored, {@code times} in a row. */
    void awaitSharing(String when, int times) {
        int[] inARow = {0};
        Waiting.until("both to share " + when, () -> {
            inARow[0] = shares() ? inARow[0] + 1 : 0;
            return inARow[0] >= times;
        });
    }

    /** What one is told to forget the other one forgets. */
    void awaitForgettingTogether() {
        Waiting.until("one to forget what the other one does", () -> {
            String path = fresh();
            String first = get(one, path);
            boolean shared = get(two, path).equals(first);
            send(two, HttpRequest.newBuilder(two.uri(path)).POST(HttpRequest.BodyPublishers.noBody()));
            return shared && isForgotten(path, first);
        });
    }

    /** The message is on its way: some requests may be quicker. */
    private boolean isForgotten(String path, String first) {
        for (int i = 0; i < 50; i++) {
            if (!get(one, path).equals(first)) {
                return true;
            }
        }
        return false;
    }

    /** Asks for several things at a time that nobody has asked for, so that failures come together. */
    void askTogether(RunningServer server, int count) throws Exception {
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String path = fresh();
            all.add(CompletableFuture.supplyAsync(() -> get(server, path), Thread::startVirtualThread));
        }
        for (CompletableFuture<String> answer : all) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isNotEmpty();
        }
    }

    /** Asks until a line is in the log: only who asks finds out. */
    void askUntilLogged(RunningServer server, String text) {
        Waiting.until("a line with: " + text, () -> {
            get(server, fresh());
            return server.log().contains(text);
        });
    }

    @Override
    public void close() {
        try (one;
                two) {
            assertThat(one.log()).doesNotContain("geheim");
        }
    }
}
