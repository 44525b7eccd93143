package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reload of the running server: extensions take over their settings as they are now, and carry on what they have. */
class PluginReloadIT {
    /** Says its process id, so that an answer of an old worker can be told from one of a new worker. */
    private static final String APP = """
        import os, time

        def app(environ, start_response):
            fields = [('Content-Type', 'text/plain')]
            if environ['PATH_INFO'] == '/fresh':
                fields.append(('Cache-Control', 'max-age=600'))
            if environ['PATH_INFO'] == '/held':
                print('holding', flush=True)
                while not os.path.exists('let-go'):
                    time.sleep(0.02)
            start_response('200 OK', fields)
            return [str(os.getpid()).encode()]
        """;

    private static final Pattern STATS = Pattern.compile("stats bound on (\\S+):(\\d+)");

    @TempDir
    Path directory;

    @BeforeEach
    void application() throws Exception {
        Apps.write(directory, APP);
    }

    private RunningServer start(String... lines) throws Exception {
        configure(lines);
        return RunningServer.start(directory, "app.ini").ready(2);
    }

    private void configure(String... lines) throws Exception {
        Files.writeString(
                directory.resolve("app.ini"),
                "[juwsgi]\nhttp = 127.0.0.1:0\nprocesses = 2\nstats = 127.0.0.1:0\nhttp-cache = true\n"
                        + String.join("\n", lines) + "\n");
    }

    private static HttpResponse<String> until(RunningServer server, String path, Predicate<HttpResponse<String>> wanted)
            throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            HttpResponse<String> answer = server.get(path);
            if (wanted.test(answer)) {
                return answer;
            }
            assertThat(System.nanoTime()).as("as wanted: %s", answer.headers()).isLessThan(deadline);
        }
    }

    private static String mark(HttpResponse<?> answer) {
        return answer.headers().firstValue("x-mark").orElse("");
    }

    private static String cacheStatus(HttpResponse<?> answer) {
        return answer.headers().firstValue("cache-status").orElse("");
    }

    @Test
    void theCacheKeepsItsEntriesAndOtherExtensionsChange() throws Exception {
        try (RunningServer server = start("headers-set = X-Mark: old")) {
            String stored = server.get("/fresh").body();
            String worker = server.get("/").body();
            assertThat(mark(server.get("/"))).isEqualTo("old");

            configure("headers-set = X-Mark: new", "http-cache-size = 32m");
            server.signal("HUP");

            until(server, "/", answer -> mark(answer).equals("new"));
            until(
                    server,
                    "/",
                    answer -> !answer.body().equals(worker) && !answer.body().equals(stored));
            HttpResponse<String> hit = server.get("/fresh");
            assertThat(hit.body()).isEqualTo(stored);
            assertThat(cacheStatus(hit)).startsWith("juwsgi; hit");
            // As it was stored: the field is set between the application and the cache.
            assertThat(mark(hit)).isEqualTo("old");
        }
    }

    @Test
    void aRequestFromBeforeTheReloadEndsInTheOldChain() throws Exception {
        try (RunningServer server = start("headers-set = X-Mark: old")) {
            CompletableFuture<HttpResponse<String>> held = CompletableFuture.supplyAsync(() -> {
                try {
                    return server.get("/held");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            server.awaitLine("holding");
            configure("headers-set = X-Mark: new");
            server.signal("HUP");
            until(server, "/", answer -> mark(answer).equals("new"));
            Files.createFile(directory.resolve("let-go"));
            assertThat(mark(held.get(60, TimeUnit.SECONDS))).isEqualTo("old");
        }
    }

    @Test
    void wrongSettingsAreToldAndTheOldOnesStay() throws Exception {
        try (RunningServer server = start("headers-set = X-Mark: old")) {
            configure("headers-set = X Mark", "http-cache-size = 1k");
            server.signal("HUP");
            server.awaitLine("plugins keep their settings: app.ini:6: headers-set: X Mark (expected: Name: value)");
            assertThat(mark(server.get("/"))).isEqualTo("old");
            configure("headers-set = X-Mark: right");
            server.signal("HUP");
            until(server, "/", answer -> mark(answer).equals("right"));
        }
    }

    @Test
    void theStatisticsNameTheActiveExtensions() throws Exception {
        try (RunningServer server = start("headers-set = X-Mark: old")) {
            Matcher bound =
                    STATS.matcher(server.awaitLine(line -> STATS.matcher(line).find()));
            assertThat(bound.find()).isTrue();
            URI http = URI.create(server.baseUri());
            try (Socket socket = new Socket(http.getHost(), Integer.parseInt(bound.group(2)))) {
                String json = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(json)
                        .contains("{\"id\":\"headers\",\"exceptions\":0,\"blocked\":0}")
                        .contains("{\"id\":\"http-cache\",\"exceptions\":0,\"blocked\":0}");
            }
        }
    }
}
