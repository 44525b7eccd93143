package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.metrics.Metrics;
import io.juwsgi.config.Settings;
import io.juwsgi.router.Router;
import io.juwsgi.router.RouterOptions;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.metric.MetricSource;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class loader of a closed plugin goes. */
class PluginCollectionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @Test
    void theClassLoaderOfAClosedPluginIsCollected() throws Exception {
        JarMaker.plugin("gone", "acme.Gone", """
            extensions.filter(io.juwsgi.spi.exchange.Phase.EARLY, new io.juwsgi.spi.extension.Extension<>(
                    "gone", Settings.class, (settings, context) -> (exchange, next) -> next.handle(exchange)));
            }
            public record Settings(@io.juwsgi.config.typed.Default("3") int depth) {
            """).write(directory.resolve("plugins.d/gone/gone.jar"));
        PluginRegistry plugins = new PluginFolder(directory).load();
        WeakReference<ClassLoader> loader = loader(plugins, "gone");
        assertThat(loader.get()).isNotNull();
        plugins.close();
        awaitEnd(loader);
        assertThat(plugins.plugins()).isEmpty();
    }

    /** What router, metrics and control know of a plugin that has served goes with it. */
    @Test
    void soIsThatOfOneThatHasServed() throws Exception {
        JarMaker.plugin("served", "acme.Served", """
            extensions.filter(io.juwsgi.spi.exchange.Phase.EARLY, new io.juwsgi.spi.extension.Extension<>(
                    "served", Settings.class, (settings, context) -> new Component()));
            }
            public record Settings() {}
            static final class Component implements io.juwsgi.spi.exchange.Filter,
                    io.juwsgi.spi.metric.MetricSource, io.juwsgi.spi.Controllable {
                private final Thread thread = new Thread(this::run, "acme");
                private void run() {
                    try { Thread.sleep(3_600_000); } catch (InterruptedException e) { return; }
                }
                public void start() { thread.start(); }
                public void close() throws Exception { thread.interrupt(); thread.join(); }
                public void handle(io.juwsgi.spi.exchange.Exchange e, io.juwsgi.spi.exchange.Handler next) {
                    if (e.request().path().equals("/throw")) { throw new IllegalStateException("rude"); }
                    next.handle(e);
                }
                public void metrics(io.juwsgi.spi.metric.MetricSink sink) { sink.gauge("served", "It.", 1); }
                public String controlName() { return "served"; }
                public String controlUsage() { return ": it"; }
                public java.util.Map<String, ?> control(java.util.List<String> arguments) {
                    return java.util.Map.of();
                }
            """).write(directory.resolve("plugins.d/served/served.jar"));
        PluginFolder folder = new PluginFolder(directory);
        folder.options.add("router", RouterOptions.all());
        PluginRegistry plugins = folder.load();
        WeakReference<ClassLoader> loader = loader(plugins, "served");
        Settings settings =
                folder.reader.read(List.of("--served", "--http=127.0.0.1:0")).settings();
        serve(plugins, settings);
        plugins.close();
        awaitEnd(loader);
    }

    private static void serve(PluginRegistry plugins, Settings settings) throws Exception {
        try (Router router = new Router(settings, line -> {});
                ActiveExtensions active =
                        ActiveExtensions.start(plugins.extensions(), plugins.handlerLanguages(), settings);
                HttpClient client = HttpClient.newHttpClient()) {
            router.chain(active.plan());
            String url = router.bind().getFirst().url();
            for (String path : List.of("/throw 500", "/ 503")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(url + path.split(" ")[0]))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(Integer.parseInt(path.split(" ")[1]));
            }
            Metrics metrics = new Metrics(() -> active.offerings(MetricSource.class).stream()
                    .map(one -> new Metrics.Source(one.id(), one.component()))
                    .toList());
            assertThat(metrics.page("").text()).contains("juwsgi_served 1\n");
            assertThat(active.offering(Controllable.class)).hasSize(1);
            active.reload(() -> settings, router::chain);
        }
    }

    private static void awaitEnd(WeakReference<ClassLoader> loader) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (loader.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(loader.get()).as("the loader after close").isNull();
    }

    private static WeakReference<ClassLoader> loader(PluginRegistry plugins, String id) {
        return new WeakReference<>(plugins.extensions().stream()
                .filter(e -> e.extension().id().equals(id))
                .findFirst()
                .orElseThrow()
                .extension()
                .settings()
                .getClassLoader());
    }
}
