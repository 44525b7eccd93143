package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoded, made, started, closed in the reverse order, whichever step fails. */
class ComponentLifeTest {
    private static final String EVENTS = "juwsgi.test.events";

    @TempDir
    Path directory;

    private final List<String> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() throws Exception {
        // Properties are what a class loader of its own shares with the test.
        System.getProperties().put(EVENTS, events);
        for (String id : List.of("a", "b", "c")) {
            plugin(id);
        }
    }

    @AfterEach
    void stopListening() {
        System.getProperties().remove(EVENTS);
    }

    private void plugin(String id) throws Exception {
        JarMaker.plugin("plugin-" + id, "acme." + id + ".Living", """
            extensions.service(new io.juwsgi.spi.extension.Extension<>(
                    "%1$s", Settings.class, (settings, context) -> new Component(settings)));
            }
            public record Settings(@io.juwsgi.config.typed.Default("") String fails, int size) {}
            static final class Component implements io.juwsgi.spi.extension.LifeCycle {
                private final Settings settings;
                Component(Settings settings) {
                    this.settings = settings;
                    happens("made");
                }
                public void start() { happens("start"); }
                public void close() { happens("close"); }
                @SuppressWarnings("unchecked")
                private void happens(String what) {
                    ((java.util.List<String>) System.getProperties().get("%2$s")).add("%1$s " + what);
                    if (settings.fails().equals(what)) {
                        throw new IllegalStateException("no room");
                    }
                }
            """.formatted(id, EVENTS))
                .write(directory.resolve("plugins.d/" + id + "/" + id + ".jar"));
    }

    private void live(String... options) throws Exception {
        PluginFolder folder = new PluginFolder(directory);
        try (PluginRegistry plugins = folder.load()) {
            Settings settings = folder.reader.read(List.of(options)).settings();
            try (ActiveExtensions active =
                    ActiveExtensions.start(plugins.extensions(), plugins.handlerLanguages(), settings)) {
                events.add("serving " + active.plan().filters().size());
            }
        }
    }

    @Test
    void allAreMadeBeforeOneIsStartedAndTheLastIsClosedFirst() throws Exception {
        live("--a-size=1", "--b-size=1", "--c-size=1");
        assertThat(events)
                .containsExactly(
                        "a made",
                        "b made",
                        "c made",
                        "a start",
                        "b start",
                        "c start",
                        "serving 0",
                        "c close",
                        "b close",
                        "a close");
    }

    @Test
    void whenOneCannotStartAllAreClosed() {
        assertThatThrownBy(() -> live("--a-size=1", "--b-size=1", "--b-fails=start", "--c-size=1"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("b cannot start: no room");
        assertThat(events)
                .containsExactly("a made", "b made", "c made", "a start", "b start", "c close", "b close", "a close");
    }

    @Test
    void whenOneCannotBeMadeTheOthersAreClosedAndNoneIsStarted() {
        assertThatThrownBy(() -> live("--a-size=1", "--b-size=1", "--b-fails=made", "--c-size=1"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("b of plugin plugin-b cannot be made: java.lang.IllegalStateException: no room");
        assertThat(events).containsExactly("a made", "b made", "c made", "c close", "a close");
    }

    @Test
    void whenSettingsAreMissingNothingIsMadeAndAllOfThemAreTold() {
        assertThatThrownBy(() -> live("--a", "--b-size=x", "--c-size=1"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("a-size is not set (expected: a whole number)\n"
                        + "command line: b-size = x (expected: a whole number)");
        assertThat(events).isEmpty();
    }

    @Test
    void oneThatCannotBeClosedHindersNoOther() throws Exception {
        live("--a-size=1", "--b-size=1", "--b-fails=close", "--c-size=1");
        assertThat(events).endsWith("serving 0", "c close", "b close", "a close");
    }
}
