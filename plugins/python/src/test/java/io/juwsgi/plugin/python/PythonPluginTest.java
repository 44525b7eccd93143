package io.juwsgi.plugin.python;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Option;
import io.juwsgi.config.OptionRegistry;
import io.juwsgi.spi.Command;
import io.juwsgi.spi.Extensions;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.exchange.BlockingHandler;
import io.juwsgi.spi.exchange.Filter;
import io.juwsgi.spi.exchange.Handler;
import io.juwsgi.spi.exchange.Phase;
import io.juwsgi.spi.extension.Extension;
import io.juwsgi.spi.extension.Mounted;
import io.juwsgi.spi.worker.ApplicationLanguage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The plugin as the server finds it. */
final class PythonPluginTest {
    private final OptionRegistry registry = new OptionRegistry();
    private final List<ApplicationLanguage> languages = new ArrayList<>();

    @Test
    void isFoundAndRegistersOptionsAndLanguage() {
        List<Plugin> plugins = ServiceLoader.load(Plugin.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertThat(plugins).extracting(Plugin::name).containsExactly("python");

        plugins.getFirst().register(new Extensions() {
            @Override
            public void options(Collection<Option<?>> options) {
                registry.add("python", options);
            }

            @Override
            public void language(ApplicationLanguage language) {
                languages.add(language);
            }

            @Override
            public void filter(Phase phase, Extension<?, ? extends Filter> filter) {
                throw new AssertionError(filter);
            }

            @Override
            public <S extends Record & Mounted> void handler(Extension<S, ? extends BlockingHandler> handler) {
                throw new AssertionError(handler);
            }

            @Override
            public <S extends Record & Mounted> void asyncHandler(Extension<S, ? extends Handler> handler) {
                throw new AssertionError(handler);
            }

            @Override
            public void command(Extension<?, ? extends Command> command) {
                throw new AssertionError(command);
            }
        });

        assertThat(languages).extracting(ApplicationLanguage::name).containsExactly("python");
        for (String name : List.of("wsgi", "file", "venv", "home", "pyhome", "python-path", "pp", "mount")) {
            assertThat(registry.find(name)).as(name).isPresent();
        }
        assertThat(registry.find('w')).contains(PythonOptions.MODULE);
        assertThat(registry.find('H')).contains(PythonOptions.VIRTUALENV);
        assertThat(registry.all()).allSatisfy(option -> assertThat(option.doc()).isNotEmpty());
    }
}
