package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that share what they have cached through a real Redis, which then dies. */
class RedisCacheIT {
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

    @TempDir
    Path directory;

    private RunningServer start(String name, int redis) throws Exception {
        Path home = Files.createDirectory(directory.resolve(name));
        Apps.write(home, NAMED);
        return RunningServer.start(
                        home,
                        Map.of("SERVER_NAME_FOR_TEST", name),
                        "--http",
                        "127.0.0.1:0",
                        "--callable",
                        "app",
                        "--http-cache",
                        "--http-cache-store",
                        "redis",
                        "--redis-url",
                        "redis://:geheim@127.0.0.1:" + redis,
                        "--redis-timeout",
                        "2s")
                .ready(1);
    }

    /** Both servers are asked as one host, as clients behind a load balancer do. */
    private static HttpResponse<String> get(RunningServer server, String path) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri(path)).header("X-Forwarded-Host", "shared.example"));
    }

    private static boolean isShared(RunningServer one, RunningServer two, String path) {
        try {
            String text = get(one, path).body();
            return get(two, path).body().equals(text);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoServersShareTheirResponsesAndSurviveTheEndOfRedis() throws Exception {
        int port = ForeignServer.freePort();
        Path home = Files.createDirectory(directory.resolve("redis"));
        ForeignServer redis = ForeignServer.redis(home, port, "--requirepass", "geheim");
        try (RunningServer one = start("one", port);
                RunningServer two = start("two", port)) {
            int[] tries = {0};
            Waiting.until("both to be connected", () -> isShared(one, two, "/probe" + tries[0]++));

            String first = get(one, "/page").body();
            assertThat(get(two, "/page").body()).isEqualTo(first);
            two.send(HttpRequest.newBuilder(two.uri("/page"))
                    .header("X-Forwarded-Host", "shared.example")
                    .POST(HttpRequest.BodyPublishers.noBody()));
            Waiting.until("the other one to forget", () -> !bodyOf(one, "/page").equals(first));

            redis.kill();
            for (int i = 0; i < 10; i++) {
                HttpResponse<String> answer = get(one, "/alone" + i);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(get(one, "/alone" + i).body()).isEqualTo(answer.body());
            }
            one.awaitLine("reading from redis fails, so the cache goes on without it");

            redis = ForeignServer.redis(home, port, "--requirepass", "geheim");
            Waiting.until("both to share again", () -> isShared(one, two, "/again" + tries[0]++));
            // Only who asks finds out.
            Waiting.until(
                    "the first one to read again",
                    () -> !bodyOf(one, "/more" + tries[0]++).isEmpty()
                            && one.log().contains("reading from redis works again"));
            assertThat(one.log()).doesNotContain("geheim");
        } finally {
            redis.close();
        }
    }

    private static String bodyOf(RunningServer server, String path) {
        try {
            return get(server, path).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
