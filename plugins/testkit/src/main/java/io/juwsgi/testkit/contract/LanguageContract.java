package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.config.Settings;
import io.juwsgi.spi.worker.ApplicationLanguage;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import io.juwsgi.testkit.PluginUnderTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server relies on in languages, up to the start of the zygote. */
public abstract class LanguageContract extends PluginContract {
    @TempDir
    Path directory;

    /** For subclasses. */
    protected LanguageContract() {}

    /**
     * Writes an application.
     *
     * @param directory an empty directory
     * @return the options that name it
     */
    protected abstract List<String> application(Path directory) throws Exception;

    private ZygoteCommand command(PluginUnderTest plugin) throws Exception {
        Settings settings = plugin.settings(application(directory).toArray(String[]::new));
        return plugin.languages().getFirst().zygote(settings, runtime()).orElseThrow();
    }

    private WorkerRuntime runtime() throws Exception {
        Path runtime = Files.createDirectories(directory.resolve("runtime"));
        return new WorkerRuntime(runtime, runtime.resolve("control"));
    }

    /** There is at least one number that requests can come with. */
    @Test
    public void itAnswersToModifiers() {
        for (ApplicationLanguage language : PluginUnderTest.of(plugin()).languages()) {
            assertFalse(language.modifiers().isEmpty(), language.name());
            assertTrue(
                    language.modifiers().stream().allMatch(m -> m >= 0 && m <= 255),
                    language.name() + ": " + language.modifiers());
            assertTrue(language.name().matches("[a-z][a-z0-9-]*"), language.name());
        }
    }

    /** A reload asks again, and needs everything again: what a zygote reads once is there each time. */
    @Test
    public void askedAgainItSaysTheSame() throws Exception {
        PluginUnderTest plugin = PluginUnderTest.of(plugin());
        ZygoteCommand first = command(plugin);
        ZygoteCommand second = command(plugin);
        assertFalse(first.argv().isEmpty());
        assertFalse(first.description().isBlank());
        assertEquals(first.argv(), second.argv());
        assertEquals(first.environment(), second.environment());
        first.boot().position(first.boot().limit());
        assertEquals(second.boot().limit(), second.boot().remaining());
    }

    /** To start the zygote is the master's work. */
    @Test
    public void askingStartsNothingThatStays() throws Exception {
        var _ = command(PluginUnderTest.of(plugin()));
        CountDownLatch never = new CountDownLatch(1);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (ProcessHandle.current().children().anyMatch(ProcessHandle::isAlive)) {
            assertTrue(System.nanoTime() < deadline, "a process runs on");
            var _ = never.await(5, TimeUnit.MILLISECONDS);
        }
    }
}
