package io.juwsgi.cli.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that do what they must not: each gets one line, word for word, and all get into one report. */
class RudePluginsTest {
    @TempDir
    Path directory;

    @Test
    void allFailuresStandInOneReport() throws Exception {
        rude("throws", JarMaker.plugin("throws", "acme.Throws", "throw new IllegalStateException(\"no luck\");"));
        rude("wrong", JarMaker.plugin("wrong", "acme.Wrong", "").attribute("Juwsgi-SPI-Version", "2"));
        rude("silent", JarMaker.plugin("silent", "acme.Silent", "").without("Juwsgi-SPI-Version"));
        JarMaker.plugin("good", "acme.Good", "").write(directory.resolve("plugins.d/good/good.jar"));
        Files.createDirectories(directory.resolve("plugins.d/empty"));
        Files.writeString(directory.resolve("plugins.d/lost.jar"), "");
        assertThat(new PluginFolder(directory)
                        .problems("--plugin", "nowhere.jar", "--plugins-dir", "nowhere", "--plugin", "good.jar"))
                .containsExactly(
                        "plugins cannot be loaded:",
                        "plugins.d/empty: folder: nothing in it ends in .jar (expected: the jars of one plugin)",
                        "plugins.d/lost.jar: folder: a jar outside of a folder (expected: plugins.d/lost/lost.jar)",
                        "nowhere: folder: no such directory",
                        "nowhere.jar: jar: no such file",
                        "good.jar: jar: no such file",
                        "plugins.d/silent/silent.jar: manifest: no Juwsgi-SPI-Version (expected: 1)",
                        "plugins.d/throws/throws.jar: register: java.lang.IllegalStateException: no luck"
                                + " (at acme.Throws.register, Throws.java:5)",
                        "plugins.d/wrong/wrong.jar: manifest: Juwsgi-SPI-Version: 2 (expected: 1)");
    }

    @Test
    void wordsOfTheManifestThatMeanNothing() throws Exception {
        rude("a", JarMaker.plugin("a", "acme.A", "").attribute("Juwsgi-Status", "great"));
        refused("a", "manifest: Juwsgi-Status: great (expected: stable, alpha)");
        rude("a", JarMaker.plugin("a", "acme.A", "").attribute("Juwsgi-Trust", "me"));
        refused("a", "manifest: Juwsgi-Trust: me (expected: hardened, trusted-clients)");
    }

    @Test
    void brokenJars() throws Exception {
        Files.createDirectories(directory.resolve("plugins.d/a"));
        Files.writeString(
                directory.resolve("plugins.d/a/a.jar"), "this is no jar, and long enough not to look like one");
        refused("a", "jar: cannot be read: zip END header not found");
        rude("a", JarMaker.plugin("a", "acme.A", "").service(""));
        assertThat(new PluginFolder(directory).problems())
                .contains("plugins.d/a: jar: no META-INF/services/io.juwsgi.spi.Plugin"
                        + " (expected: a file of this name with the name of a class)");
        rude("a", JarMaker.plugin("a", "acme.A", "").service("# nothing"));
        refused("a", "jar: META-INF/services/io.juwsgi.spi.Plugin is empty (expected: the name of a class)");
    }

    @Test
    void classesThatAreNoPlugins() throws Exception {
        rude("a", JarMaker.plugin("a", "acme.A", "").service("acme.Other"));
        refused("a", "class: acme.Other is not there (named in META-INF/services/io.juwsgi.spi.Plugin)");
        rude("a", new JarMaker().service("acme.A").source("acme.A", "package acme; public class A {}"));
        refused("a", "class: acme.A is not a plugin (expected: it implements io.juwsgi.spi.Plugin)");
        rude("a", withMember("public final class A", "private A() {}"));
        refused("a", "class: acme.A has no public constructor without parameters (expected: one)");
        rude("a", withMember("final class A", "public A() {}"));
        refused("a", "class: acme.A is not public (expected: a public class)");
        rude("a", withMember("public abstract class A", "public A() {}"));
        refused("a", "constructor: java.lang.InstantiationException");
    }

    @Test
    void constructorsAndInitializersThatThrow() throws Exception {
        rude(
                "a",
                withMember(
                        "public final class A",
                        "public A() { throw new java.io.UncheckedIOException(new java.io.IOException(\"disk\")); }"));
        refused(
                "a",
                "constructor: java.io.UncheckedIOException: java.io.IOException: disk (at acme.A.<init>, A.java:3)");
        rude("a", withMember("public final class A", "static final int N = Integer.parseInt(\"x\");"));
        refused("a", "constructor: For input string: \"x\" (at acme.A.<clinit>, A.java:3)");
        rude("a", withMember("public final class A", "public A() { throw new StackOverflowError(); }"));
        refused("a", "constructor: java.lang.StackOverflowError (at acme.A.<init>, A.java:3)");
    }

    @Test
    void missingClasses() throws Exception {
        rude(
                "a",
                JarMaker.plugin("a", "acme.A", "new acme.Gone();")
                        .source("acme.Gone", "package acme; public class Gone {}")
                        .leave("acme.Gone"));
        refused(
                "a",
                "register: class acme.Gone is missing (a plugin sees the JDK, the SPI and the jars of its own folder)"
                        + " (at acme.A.register, A.java:5)");
        rude("a", JarMaker.plugin("a", "acme.A", "io.netty.buffer.Unpooled.buffer();"));
        refused(
                "a",
                "register: class io.netty.buffer.Unpooled is missing (a plugin sees the JDK, the SPI and the jars of its"
                        + " own folder) (at acme.A.register, A.java:5)");
    }

    @Test
    void copiesOfOurClasses() throws Exception {
        rude(
                "a",
                JarMaker.plugin("a", "acme.A", "")
                        .source(
                                "io.juwsgi.spi.Plugin",
                                "package io.juwsgi.spi; public interface Plugin { String name(); void register(Extensions e); }"));
        refused(
                "a",
                "jar: io/juwsgi/spi/Plugin.class is juwsgi's own"
                        + " (expected: no copy of it; in Maven: plugins-spi with scope provided)");
    }

    @Test
    void idsThatAreTakenOrOdd() throws Exception {
        rude("a", JarMaker.plugin("twin", "acme.A", ""));
        rude("b", JarMaker.plugin("twin", "acme.B", ""));
        rude("c", JarMaker.plugin("python", "acme.C", ""));
        rude("d", JarMaker.plugin("Dee Dee", "acme.D", ""));
        rude(
                "e",
                JarMaker.plugin(
                        "e",
                        "acme.E",
                        "extensions.options(java.util.List.of(io.juwsgi.config.Option.flag(\"ini\")));"));
        assertThat(new PluginFolder(directory).problems())
                .contains(
                        "plugins.d/b/b.jar: register: the id twin is taken by plugins.d/a/a.jar (expected: an id of its own)",
                        "plugins.d/d/d.jar: register: the id is Dee Dee (expected: lower-case letters, digits and dashes)",
                        "plugins.d/e/e.jar: register: option --ini of plugin e: the name is taken by configuration"
                                + " (at acme.E.register, E.java:5)")
                .anyMatch(line -> line.startsWith("plugins.d/c/c.jar: register: the id python is taken by "))
                .hasSize(5);
    }

    @Test
    void aThreadThatIsStartedTooEarlyIsNamed() throws Exception {
        rude("a", JarMaker.plugin("a", "acme.A", """
                        Thread thread = new Thread(() -> {
                            try { Thread.currentThread().join(60_000); } catch (InterruptedException e) { return; }
                        }, "eager");
                        thread.setDaemon(true);
                        thread.start();
                        """));
        try (PluginRegistry plugins = new PluginFolder(directory).load()) {
            assertThat(plugins.notices())
                    .containsExactly("plugins.d/a/a.jar: register: the thread eager was started"
                            + " (expected: none before the plugin's parts start)");
        } finally {
            Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().equals("eager"))
                    .forEach(Thread::interrupt);
        }
    }

    /** Loads the plugins of a directory in a process of its own. */
    static final class Loading {
        private Loading() {}

        public static void main(String[] args) {
            new PluginFolder(Path.of(args[0])).load();
        }
    }

    @Test
    void systemExitIsNamedAndIsNoSuccess() throws Exception {
        rude("a", JarMaker.plugin("a", "acme.A", "System.exit(0);"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .isEqualToIgnoringNewLines(
                        "juwsgi: plugins.d/a/a.jar: register: called System.exit (expected: an exception)");
        assertThat(process.exitValue()).isOne();
    }

    private static JarMaker withMember(String declaration, String member) {
        return new JarMaker().service("acme.A").source("acme.A", """
                        package acme;
                        %s implements io.juwsgi.spi.Plugin {
                            %s
                            public String name() { return "a"; }
                            public void register(io.juwsgi.spi.Extensions extensions) {}
                        }
                        """.formatted(declaration, member));
    }

    private void rude(String name, JarMaker jar) throws Exception {
        jar.write(directory.resolve("plugins.d").resolve(name).resolve(name + ".jar"));
    }

    private void refused(String name, String problem) {
        assertThat(new PluginFolder(directory).problems())
                .containsExactly("plugins cannot be loaded:", "plugins.d/" + name + "/" + name + ".jar: " + problem);
    }
}
