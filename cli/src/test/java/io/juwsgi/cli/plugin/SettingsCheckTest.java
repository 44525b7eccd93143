package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Findings;
import io.juwsgi.router.upstream.UpstreamOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code juwsgi check} knows the settings of plugins, with their places; nothing is started for it. */
class SettingsCheckTest {
    @TempDir
    Path directory;

    private Findings check(String text) throws Exception {
        Files.writeString(directory.resolve("a.conf"), text);
        PluginFolder folder = new PluginFolder(directory);
        folder.options.add("upstream", UpstreamOptions.all());
        try (PluginRegistry plugins = folder.load("a.conf")) {
            return folder.reader.check(List.of("a.conf"), settings -> SettingsCheck.of(plugins, settings));
        }
    }

    @Test
    void everythingThatPluginsCannotUseIsTold() throws Exception {
        assertThat(check("""
            http-cache { size = lots }
            balance-hash-max-load = x
            tls { reload = -1 }
            """).errors())
                .containsExactlyInAnyOrder(
                        "a.conf:1: http-cache-size = lots (expected: a size such as 512, 64k, 10m or 1g)",
                        "a.conf:2: balance-hash-max-load = x (expected: a whole number)",
                        "a.conf:3: tls-reload = -1 (expected: a time such as 500ms, 30s, 5m, 2h or 1d;"
                                + " seconds without a unit)");
        assertThat(check("route = [\"^/x redirekt:/y\", \"^/y send\"]").errors())
                .satisfiesExactly(
                        one -> assertThat(one)
                                .isEqualTo("routing: a.conf:1: route: action redirekt is unknown"
                                        + " (did you mean redirect?)"),
                        two -> assertThat(two).startsWith("a.conf:1: route: action send (expected: ACTION:ARGUMENTS"));
    }

    @Test
    void whatUpstreamsAndRoutesNameAndIsNotThereIsTold() throws Exception {
        assertThat(check("""
            upstreams.app { servers = ["127.0.0.1:1"], balance = randm }
            upstreams.all { servers = ["127.0.0.1:1"], max-requests = 2, fleet = redsi }
            route = ["^/x upstream:ap"]
            """).errors())
                .containsExactlyInAnyOrder(
                        "a.conf:1: upstream app: there is no balance randm (did you mean random?)",
                        "a.conf:2: upstream all: there is no fleet redsi (did you mean redis?)",
                        "a route chooses the upstream ap, which is not there (did you mean app?)");
    }

    @Test
    void whatIsOffIsNotMade() throws Exception {
        JarMaker.plugin("picky", "acme.Picky", """
            extensions.service(new io.juwsgi.spi.extension.Extension<>(
                    "picky", Settings.class, (settings, context) -> {
                        throw new io.juwsgi.config.ConfigException("made with " + settings.name());
                    }));
            }
            public record Settings(String name, int size) {
            """).write(directory.resolve("plugins.d/picky/picky.jar"));
        assertThat(check("log-micros = true").errors()).isEmpty();
        assertThat(check("picky = true").errors())
                .containsExactly(
                        "picky-name is not set (expected: a text)", "picky-size is not set (expected: a whole number)");
        assertThat(check("picky { name = Ada, size = 3 }").errors()).containsExactly("picky: made with Ada");
        assertThat(check("picky { name = Ada, siz = 3 }").warnings())
                .containsExactly("a.conf:1: unknown option picky-siz (did you mean picky-size?)");
    }
}
