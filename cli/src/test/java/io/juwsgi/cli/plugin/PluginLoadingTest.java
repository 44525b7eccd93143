package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that behave: where they are found, what they see, what becomes of their options. */
class PluginLoadingTest {
    private static final String OPTION = "extensions.options(java.util.List.of(io.juwsgi.config.Option.text(\"%s\")));";

    @TempDir
    Path directory;

    @Test
    void findsFoldersDirectoriesAndJars() throws Exception {
        JarMaker.plugin("one", "acme.One", "").write(directory.resolve("plugins.d/one/one.jar"));
        JarMaker.plugin("two", "acme.Two", "").write(directory.resolve("more/second/two.jar"));
        JarMaker.plugin("three", "acme.Three", "")
                .attribute("Implementation-Version", "3.1")
                .write(directory.resolve("three.jar"));
        Files.createDirectories(directory.resolve("plugins.d/.disabled"));
        Files.writeString(directory.resolve("plugins.d/README"), "none of a plugin's business");
        try (PluginRegistry plugins = new PluginFolder(directory)
                .load("--plugins-dir", "more", "--unknown", "7", "--plugin=three.jar", "--plugin", "three.jar")) {
            assertThat(plugins.plugins())
                    .extracting(p -> p.name() + " " + p.version() + " " + p.origin() + " " + p.spi())
                    .contains(
                            "one unknown plugins.d/one/one.jar 1",
                            "two unknown more/second/two.jar 1",
                            "three 3.1 three.jar 1");
            assertThat(plugins.notices()).isEmpty();
        }
    }

    @Test
    void optionsOfAPluginAreKnownWhenTheConfigurationIsRead() throws Exception {
        JarMaker.plugin("one", "acme.One", OPTION.formatted("one-size")).write(directory.resolve("lib/one.jar"));
        Files.writeString(
                directory.resolve("a.ini"), "[uwsgi]\none-size = 7\nset-ph = where=lib\nplugin = %(where)/one.jar\n");
        PluginFolder folder = new PluginFolder(directory);
        try (PluginRegistry plugins = folder.load("--one-size=5", "a.ini")) {
            assertThat(plugins.plugins()).extracting(Found::name).contains("one");
            var configuration = folder.reader.read(List.of("--one-size=5", "a.ini"));
            assertThat(configuration.settings().get(Option.text("one-size"))).contains("7");
            assertThat(configuration.warnings()).isEmpty();
            assertThat(configuration.notices()).isEmpty();
        }
    }

    @Test
    void namesOfWhatIsThereAnywayChangeNothingAndOthersAreToldOf() throws Exception {
        JarMaker.plugin("one", "acme.One", "").write(directory.resolve("plugins.d/first/one.jar"));
        Files.writeString(
                directory.resolve("a.ini"),
                "[uwsgi]\nplugins = python3,http, one,first\nplugin = pythn\nplugin = x_plugin.so\n");
        try (PluginRegistry plugins = new PluginFolder(directory).load("a.ini", "--plugin", "lua")) {
            assertThat(plugins.notices())
                    .containsExactly(
                            "command line: plugins: there is no plugin lua (known: " + known(plugins, "first") + ")",
                            "a.ini:3: plugins: there is no plugin pythn (did you mean python?)",
                            "a.ini:4: plugins: x_plugin.so is a plugin for uWSGI (expected: a name, or a file that"
                                    + " ends in .jar)");
        }
        assertThat(new PluginFolder(directory).problems("--need-plugin", "lua"))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("command line: need-plugins: there is no plugin lua (known: 0, access, cache, ");
    }

    /** The plugins, with the folder's name and the names of uWSGI's plugins that juwsgi has built in. */
    private static String known(PluginRegistry plugins, String folder) {
        return Stream.concat(
                        Stream.of("0", "corerouter", "http", folder),
                        plugins.plugins().stream().map(Found::name))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @Test
    void theManifestStandsAboveWhatThePluginSaysOfItself() throws Exception {
        JarMaker.plugin("silent", "acme.Silent", "").write(directory.resolve("silent.jar"));
        JarMaker.plugin("sure", "acme.Sure", "")
                .attribute("Juwsgi-Status", "stable")
                .attribute("Juwsgi-Trust", "hardened")
                .write(directory.resolve("sure.jar"));
        try (PluginRegistry plugins = new PluginFolder(directory).load("--plugin", "silent.jar", "--plugin=sure.jar")) {
            assertThat(plugins.plugins())
                    .extracting(p -> p.name() + " "
                            + p.standing().status() + " "
                            + p.standing().trust())
                    .contains("silent alpha trusted-clients", "sure stable hardened", "headers stable hardened");
        }
    }

    @Test
    void twoPluginsHaveTwoVersionsOfOneLibrary() throws Exception {
        for (String version : List.of("one", "two")) {
            Path folder = directory.resolve("plugins.d/" + version);
            Path library = new JarMaker()
                    .source(
                            "lib.Version",
                            "package lib; public class Version { public static String text() { return \"from-" + version
                                    + "\"; } }")
                    .write(folder.resolve("library.jar"));
            JarMaker.plugin(
                            version,
                            "acme.Same",
                            "extensions.options(java.util.List.of(io.juwsgi.config.Option.flag(lib.Version.text())));")
                    .library(library)
                    .write(folder.resolve("plugin.jar"));
        }
        PluginFolder folder = new PluginFolder(directory);
        try (PluginRegistry plugins = folder.load()) {
            assertThat(plugins.plugins()).extracting(Found::name).contains("one", "two");
            assertThat(folder.options.find("from-one")).isPresent();
            assertThat(folder.options.find("from-two")).isPresent();
        }
    }

    /** Ids are unique among extensions that have options of the same names; others may share one. */
    @Test
    void aFilterMayBeCalledAsADiscoveryIs() throws Exception {
        JarMaker.plugin("one", "acme.One", """
            extensions.filter(io.juwsgi.spi.exchange.Phase.EARLY, new io.juwsgi.spi.extension.Extension<>(
                    "dns", Settings.class, (settings, context) -> (exchange, next) -> next.handle(exchange)));
            }
            public record Settings() {
            """).write(directory.resolve("plugins.d/one/one.jar"));
        PluginFolder folder = new PluginFolder(directory);
        try (PluginRegistry plugins = folder.load()) {
            Settings settings = folder.reader.read(List.of("--dns")).settings();
            assertThat(ChainListing.lines(plugins, settings, false, null))
                    .contains("  EARLY      dns                  plugin one");
        }
    }

    @Test
    void aPluginSeesTheJdkAndTheSpiAndNothingElse() throws Exception {
        JarMaker.plugin("curious", "acme.Curious", """
            for (String name : java.util.List.of(
                    "java.net.http.HttpClient", "io.juwsgi.spi.exchange.Filter", "io.juwsgi.config.Option",
                    "io.netty.buffer.ByteBuf", "io.juwsgi.router.Router", "io.juwsgi.cli.Main",
                    "io.juwsgi.plugin.python.PythonPlugin", "com.typesafe.config.Config")) {
                try {
                    Class.forName(name);
                    extensions.options(java.util.List.of(io.juwsgi.config.Option.flag(
                            "sees-" + name.substring(name.lastIndexOf('.') + 1))));
                } catch (ClassNotFoundException e) {
                    // As it should be for ours.
                }
            }
            if (Thread.currentThread().getContextClassLoader() != getClass().getClassLoader()) {
                throw new IllegalStateException("context");
            }
            if (getClass().getResource("/io/juwsgi/cli/version.properties") != null) {
                throw new IllegalStateException("resource");
            }
            """).write(directory.resolve("plugins.d/curious/curious.jar"));
        PluginFolder folder = new PluginFolder(directory);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (PluginRegistry plugins = folder.load()) {
            assertThat(folder.options.all())
                    .extracting(Option::name)
                    .filteredOn(name -> name.startsWith("sees-"))
                    .containsExactlyInAnyOrder("sees-HttpClient", "sees-Filter", "sees-Option");
            assertThat(plugins.notices()).isEmpty();
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }
}
