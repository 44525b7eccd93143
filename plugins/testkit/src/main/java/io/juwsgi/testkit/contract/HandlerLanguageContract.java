package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.worker.HandlerLanguage;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestLanguage;
import io.juwsgi.testkit.TestRequest;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server relies on in languages that need no workers. */
public abstract class HandlerLanguageContract extends PluginContract {
    @TempDir
    Path directory;

    /** For subclasses. */
    protected HandlerLanguageContract() {}

    /**
     * Writes an application that answers {@link #request} with 200.
     *
     * @param directory an empty directory
     * @return the options that name it
     */
    protected abstract List<String> application(Path directory) throws Exception;

    /** Returns the request that the application answers. */
    protected abstract TestRequest request();

    private static HandlerLanguage language(PluginUnderTest plugin) {
        return plugin.handlerLanguages().getFirst();
    }

    /** There is at least one number that requests can come with. */
    @Test
    public void itAnswersToModifiers() {
        HandlerLanguage language = language(PluginUnderTest.of(plugin()));
        assertFalse(language.modifiers().isEmpty());
        assertTrue(language.modifiers().stream().allMatch(m -> m >= 0 && m <= 255), "" + language.modifiers());
        assertTrue(language.name().matches("[a-z][a-z0-9-]*"), language.name());
    }

    /** Without an application its numbers are nobody's. */
    @Test
    public void withoutAnApplicationThereIsNoHandler() throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(plugin());
        assertTrue(TestLanguage.of(language(plugin), plugin.settings()).isEmpty());
    }

    /** At a reload a second one begins while the first one ends. */
    @Test
    public void theApplicationAnswersAlsoAfterAReload() throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(plugin());
        String[] options = application(directory).toArray(String[]::new);
        TestLanguage old =
                TestLanguage.of(language(plugin), plugin.settings(options)).orElseThrow();
        assertEquals(200, old.send(request()).status());
        try (TestLanguage young =
                TestLanguage.of(language(plugin), plugin.settings(options)).orElseThrow()) {
            old.close();
            assertEquals(200, young.send(request()).status());
        }
    }

    /** What does not exist is a client's mistake, not a failure of the server. */
    @Test
    public void whatIsNotThereIsNotFound() throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(plugin());
        String[] options = application(directory).toArray(String[]::new);
        try (TestLanguage application =
                TestLanguage.of(language(plugin), plugin.settings(options)).orElseThrow()) {
            int status =
                    application.send(TestRequest.get("/no/such/../thing%00")).status();
            assertTrue(status >= 400 && status < 500, "answered " + status);
        }
    }
}
