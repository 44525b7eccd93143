package io.juwsgi.plugin.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Option;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.contract.LanguageContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The plugin as the server finds it. */
final class PythonPluginTest extends LanguageContract {

    @Override
    protected Plugin plugin() {
        return new PythonPlugin();
    }

    @Override
    protected List<String> application(Path directory) throws Exception {
        Files.writeString(directory.resolve("app.py"), "def application(environ, start_response): pass\n");
        return List.of("--chdir", directory.toString(), "--module", "app");
    }

    @Test
    void registersOptionsAndLanguage() {
        PluginUnderTest python = PluginUnderTest.of(plugin());
        assertThat(python.languages()).extracting(ApplicationLanguage::name).containsExactly("python");
        assertThat(python.options())
                .extracting(Option::name)
                .contains("wsgi-file", "virtualenv", "pythonpath", "mount", "module");
        assertThat(PythonOptions.MODULE.shortName()).isEqualTo('w');
        assertThat(PythonOptions.VIRTUALENV.shortName()).isEqualTo('H');
        assertThat(PythonOptions.VIRTUALENV.aliases()).contains("venv", "home", "pyhome");
    }
}
