package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.ServerProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that do what they must not while the server runs: nobody but themselves is hurt, or it is told who did it. */
class RudeServerIT {
    private static final Pattern BOUND = Pattern.compile("http bound on (http://\\S+)");

    @TempDir
    Path directory;

    /** Writes a plugin with one filter, whose three methods have these bodies. */
    private void filter(String id, String handle, String start, String close) throws Exception {
        JarMaker.plugin(id, "acme." + id + ".Rude", """
                        extensions.filter(io.juwsgi.spi.exchange.Phase.ACCESS,
                                new io.juwsgi.spi.extension.Extension<>("%s", Settings.class, (s, context) -> new Filter()));
                        }
                        public record Settings() {}
                        static final class Filter implements io.juwsgi.spi.exchange.Filter {
                            public void handle(io.juwsgi.spi.exchange.Exchange exchange, io.juwsgi.spi.exchange.Handler next) {
                                if (exchange.request().path().equals("/%s")) {
                                    %s
                                }
                                next.handle(exchange);
                            }
                            public void start() throws Exception {
                                %s
                            }
                            public void close() throws Exception {
                                %s
                            }
                        """.formatted(id, id, handle, start, close))
                .write(directory.resolve("plugins.d/" + id + "/" + id + ".jar"));
    }

    private ServerProcess start(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0"));
        arguments.addAll(List.of(options));
        return ServerProcess.start(System.getProperty("juwsgi.launcher"), directory, Map.of(), arguments);
    }

    private static URI uri(ServerProcess server, String path) {
        Matcher bound =
                BOUND.matcher(server.awaitLine(line -> BOUND.matcher(line).find(), 0));
        assertThat(bound.find()).isTrue();
        return URI.create(bound.group(1) + path);
    }

    private static HttpRequest request(ServerProcess server, String path) {
        return HttpRequest.newBuilder(uri(server, path))
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    private static void awaitLine(ServerProcess server, String part) {
        server.awaitLine(line -> line.contains(part), 0);
    }

    @Test
    void whoThrowsBlocksAndLeaksHurtsNobodyElse() throws Exception {
        filter(
                "thrower",
                "throw new IllegalStateException(\"rude\");",
                "",
                "throw new Exception(\"rude to the end\");");
        filter("blocker", """
                        try { Thread.sleep(1000); } catch (InterruptedException e) { return; }
                        """, "", "");
        filter(
                "leaker",
                "",
                "new Thread(() -> { while (true) { Thread.onSpinWait(); try { Thread.sleep(1000); }"
                        + " catch (InterruptedException e) { } } }, \"leaked\").start();",
                "");
        try (ServerProcess server = start("--thrower", "--blocker", "--leaker");
                HttpClient client = HttpClient.newHttpClient()) {
            var thrown = client.send(request(server, "/thrower"), HttpResponse.BodyHandlers.ofString());
            assertThat(thrown.statusCode()).isEqualTo(500);
            assertThat(thrown.body()).doesNotContain("rude");
            awaitLine(server, "plugin=thrower failed: java.lang.IllegalStateException: rude");
            assertThat(client.send(request(server, "/blocker"), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isNotEqualTo(500);
            awaitLine(server, "plugin=blocker blocks the event loop");
            server.process().toHandle().destroy();
            assertThat(server.exitCode()).isZero();
            awaitLine(server, "plugin=thrower cannot be closed: java.lang.Exception: rude to the end");
        }
    }

    @Test
    void anExitInAFilterIsAnOrderlyStopThatNamesThePlugin() throws Exception {
        filter("exiter", "System.exit(0);", "", "");
        try (ServerProcess server = start("--exiter");
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<?> gone =
                    client.sendAsync(request(server, "/exiter"), HttpResponse.BodyHandlers.discarding());
            awaitLine(server, "ERROR plugin=exiter in ");
            awaitLine(server, "called System.exit (expected: an exception); the server stops");
            assertThat(server.exitCode()).isOne();
            awaitLine(server, "goodbye to juwsgi.");
            assertThat(gone.handle((answer, failure) -> failure).join()).isNotNull();
        }
    }

    @Test
    void anExitInAHandlersOwnThreadToo() throws Exception {
        JarMaker.plugin("quitter", "acme.Quitter", """
                        extensions.handler(new io.juwsgi.spi.extension.Extension<>("quitter", Settings.class, (s, context) ->
                                (io.juwsgi.spi.exchange.BlockingHandler) exchange -> System.exit(7)));
                        }
                        public record Settings(@io.juwsgi.config.typed.Default("/quit") String mount)
                                implements io.juwsgi.spi.extension.Mounted {
                        """).write(directory.resolve("plugins.d/quitter/quitter.jar"));
        try (ServerProcess server = start("--quitter");
                HttpClient client = HttpClient.newHttpClient()) {
            var _ = client.sendAsync(request(server, "/quit"), HttpResponse.BodyHandlers.discarding());
            awaitLine(server, "ERROR plugin=quitter in ");
            assertThat(server.exitCode()).isOne();
        }
    }
}
