package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code juwsgi plugin new} writes compiles, loads and registers; that Maven builds it is PluginProjectIT's matter. */
class PluginProjectTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"filter", "handler", "async", "command", "service", "balancer", "route", "front"})
    void theSourceIsAPluginThatLoads(String kind) throws Exception {
        PluginProject.of(List.of("new", "say-hello", "--kind", kind)).write(directory);
        Path project = directory.resolve("say-hello");
        String className = Files.readString(project.resolve("src/main/resources/" + PluginJar.SERVICE))
                .strip();
        assertThat(className).isEqualTo("com.example.plugin.SayHelloPlugin");
        new JarMaker()
                .source(
                        className,
                        Files.readString(project.resolve("src/main/java/com/example/plugin/SayHelloPlugin.java")))
                .service(className)
                .write(directory.resolve("hello.jar"));
        try (PluginRegistry plugins = new PluginFolder(directory).load("--plugin", "hello.jar")) {
            assertThat(plugins.plugins())
                    .filteredOn(plugin -> plugin.name().equals("say-hello"))
                    .singleElement()
                    .satisfies(plugin -> assertThat(plugin.offers()).isNotEmpty());
            assertThat(plugins.extensions().stream()
                            .anyMatch(e -> e.extension().id().equals("say-hello")))
                    .as("an extension; words of routes have no settings")
                    .isEqualTo(!kind.equals("route"));
        }
        assertThat(Files.readString(project.resolve("pom.xml")))
                .contains("<Juwsgi-SPI-Version>1</Juwsgi-SPI-Version>")
                .doesNotContain("__", "${");
    }

    @Test
    void mistakesAreTold() throws Exception {
        wrong("plugin: nothing (expected: juwsgi plugin new NAME [--kind"
                + " filter|handler|async|command|service|balancer|route|front])");
        wrong(
                "plugin: old (expected: juwsgi plugin new NAME [--kind"
                        + " filter|handler|async|command|service|balancer|route|front])",
                "old");
        wrong(
                "plugin new: 0 names (expected: juwsgi plugin new NAME [--kind"
                        + " filter|handler|async|command|service|balancer|route|front])",
                "new");
        wrong("plugin new: the name ../x (expected: lower-case letters, digits and dashes)", "new", "../x");
        wrong(
                "plugin new: the kind cook (expected: filter, handler, async, command, service,"
                        + " balancer, route, front)",
                "new",
                "x",
                "--kind=cook");
        Files.createDirectory(directory.resolve("there"));
        wrong("plugin new: there is there already (expected: a new directory)", "new", "there");
    }

    private void wrong(String message, String... args) {
        assertThatThrownBy(() -> PluginProject.of(List.of(args)).write(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }
}
