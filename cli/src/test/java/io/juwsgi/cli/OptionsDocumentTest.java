package io.juwsgi.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.cli.plugin.PluginRegistry;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.config.OptionsPage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class OptionsDocumentTest {
    private static final Path PAGE = Path.of("../docs/options.md");

    @Test
    void isWhatTheRegistrySays() throws Exception {
        OptionRegistry options = Main.ownOptions();
        PluginRegistry.bundled(options, Version.TEXT);
        assertThat(Files.readString(PAGE))
                .as("docs/options.md is out of date; refresh it with: ./juwsgi options --markdown > docs/options.md")
                .isEqualTo(OptionsPage.markdown(options, ""));
    }
}
