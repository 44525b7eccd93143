package io.juwsgi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.OptionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables at the end of the page about routing say what is registered. */
final class RoutingDocumentTest {
    private static final Path PAGE = Path.of("../docs/routing.md");

    @Test
    void endsWithTheWordsThatAreRegistered() throws Exception {
        OptionRegistry options = Main.ownOptions();
        try (PluginRegistry plugins = PluginRegistry.bundled(options, Version.TEXT)) {
            assertThat(Files.readString(PAGE))
                    .as("docs/routing.md is out of date; refresh its end with the output of: ./juwsgi routes --words")
                    .endsWith(RouteWordsPage.markdown(plugins.routeWords()));
        }
    }
}
