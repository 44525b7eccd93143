package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
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
        WeakReference<ClassLoader> loader = loader(plugins);
        assertThat(loader.get()).isNotNull();
        plugins.close();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (loader.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(loader.get()).as("the loader after close").isNull();
        assertThat(plugins.plugins()).isEmpty();
    }

    private static WeakReference<ClassLoader> loader(PluginRegistry plugins) {
        return new WeakReference<>(plugins.extensions().stream()
                .filter(e -> e.extension().id().equals("gone"))
                .findFirst()
                .orElseThrow()
                .extension()
                .settings()
                .getClassLoader());
    }
}
