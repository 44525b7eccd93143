package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.config.Option;
import io.juwsgi.spi.Controllable;
import io.juwsgi.spi.Plugin;
import io.juwsgi.spi.worker.WorkerFunctions;
import io.juwsgi.testkit.PluginUnderTest;
import io.juwsgi.testkit.TestMetrics;
import io.juwsgi.testkit.Waiting;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds for every plugin, whatever it offers. */
public abstract class PluginContract {
    /** Threads that belong to the JDK, such as the carriers of virtual threads, or to the test, and may come at any time. */
    private static final List<String> NOT_THE_PLUGINS = List.of(
            "ForkJoinPool.commonPool",
            "ForkJoinPool-1-",
            "test-loop",
            "junit",
            "surefire",
            "VirtualThread",
            "Attach Listener");

    /** For subclasses. */
    protected PluginContract() {}

    /** Returns a new plugin each time, made as the server makes it. */
    protected abstract Plugin plugin();

    /** Returns options that turn on what is tested, as on a command line; none by default. */
    protected List<String> options() {
        return List.of();
    }

    /** Starts a new plugin with {@link #options}. */
    protected final PluginUnderTest started() throws Exception {
        return PluginUnderTest.of(plugin()).start(arguments());
    }

    /** Returns {@link #options} as an array. */
    protected final String[] arguments() {
        return options().toArray(String[]::new);
    }

    /** Ids are written on command lines and in files. */
    @Test
    public void theIdHasTheFormOfAnId() {
        assertTrue(plugin().name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), plugin().name());
    }

    /** The server finds plugins by the service file. */
    @Test
    public void theServiceFileNamesIt() {
        Set<String> found = ServiceLoader.load(Plugin.class).stream()
                .map(provider -> provider.type().getName())
                .collect(Collectors.toSet());
        assertTrue(found.contains(plugin().getClass().getName()), "META-INF/services names " + found);
    }

    /** A registry is filled for each command that is run. */
    @Test
    public void itRegistersTheSameEachTime() {
        assertEquals(
                PluginUnderTest.of(plugin()).ids(), PluginUnderTest.of(plugin()).ids());
    }

    /** An option without a line in the help is not there for a user. */
    @Test
    public void everyOptionIsExplained() {
        List<String> silent = PluginUnderTest.of(plugin()).options().stream()
                .filter(option -> option.doc().isBlank())
                .map(Option::name)
                .toList();
        assertTrue(silent.isEmpty(), "options without @Doc: " + silent);
    }

    /** When another component cannot be made, this one is closed without ever having been started. */
    @Test
    public void whatWasMadeAndNeverStartedIsClosed() throws Exception {
        PluginUnderTest.of(plugin()).make(arguments()).close();
    }

    /** At a reload the new components start while the old ones are in use. */
    @Test
    public void twoOfItLiveSideBySide() throws Exception {
        PluginUnderTest old = started();
        try (PluginUnderTest young = started()) {
            assertFalse(young.name().isEmpty());
            old.close();
        }
    }

    /** A thread that runs on keeps the plugin's classes in memory. */
    @Test
    public void itsThreadsEndWithIt() throws Exception {
        Set<Thread> before = threads();
        started().close();
        Waiting.until(
                "the threads of the plugin to end: " + more(before),
                () -> more(before).isEmpty());
    }

    /** Metrics are asked for at any time, by several readers at once. */
    @Test
    public void itsMetricsSuitPrometheus() throws Exception {
        try (PluginUnderTest plugin = started()) {
            TestMetrics first = plugin.metrics();
            CompletableFuture<TestMetrics> other = CompletableFuture.supplyAsync(plugin::metrics);
            assertTrue(plugin.metrics().names().containsAll(first.names()), "names that come and go: " + first.names());
            assertEquals(first.names(), other.get(30, TimeUnit.SECONDS).names());
        }
    }

    /** An operator finds the command in the help, and learns what is wrong with it. */
    @Test
    public void itsCommandsForOperatorsAreExplained() throws Exception {
        try (PluginUnderTest plugin = started()) {
            for (Controllable component : plugin.offering(Controllable.class)) {
                String name = component.controlName();
                assertTrue(name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), name);
                assertTrue(component.controlUsage().matches("\\S.*"), name + ": " + component.controlUsage());
                IllegalArgumentException wrong = assertThrows(
                        IllegalArgumentException.class, () -> plugin.control(name, "no-such-word", "at", "all"));
                assertTrue(String.valueOf(wrong.getMessage()).matches(".+"), name + ": " + wrong.getMessage());
            }
        }
    }

    /** Functions are called by name from Python, with whatever arguments. */
    @Test
    public void itsWorkerFunctionsAnswerEachCall() throws Exception {
        try (PluginUnderTest plugin = started()) {
            for (WorkerFunctions component : plugin.offering(WorkerFunctions.class)) {
                for (String name : component.workerFunctions().keySet()) {
                    assertTrue(name.matches("[a-z][a-z0-9_]*"), name);
                    answers(plugin, name);
                    answers(plugin, name, "", "\u0000", "x".repeat(100_000), "no-such-thing", "9", "", "", "", "");
                }
            }
        }
    }

    private static void answers(PluginUnderTest plugin, String function, String... arguments) throws Exception {
        try {
            var _ = plugin.call(function, arguments);
        } catch (IllegalStateException e) {
            assertTrue(String.valueOf(e.getMessage()).matches(".+"), function + " failed without a line: " + e);
        }
    }

    private static Set<Thread> threads() {
        return new HashSet<>(Thread.getAllStackTraces().keySet());
    }

    private static Set<String> more(Set<Thread> before) {
        return threads().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> NOT_THE_PLUGINS.stream().noneMatch(name::startsWith))
                .collect(Collectors.toSet());
    }
}
