package io.juwsgi.testkit;

import io.juwsgi.spi.Plugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real server with the plugin under test, in a process and a directory of its own, on a free port.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final JuwsgiServer SERVER = JuwsgiServer.with(StampPlugin.class).options("--stamp-text", "here");
 * }</pre>
 *
 * <p>A static field starts one server for all tests of a class, another field one for each test. The plugin's classes are
 * packed into a jar as they are, so that the tests of a build need nothing that the build makes later.
 *
 * <p>The program is what the system property {@value #LAUNCHER} names, or else {@code juwsgi} in PATH.
 */
public final class JuwsgiServer implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    /** The system property that names the program. */
    public static final String LAUNCHER = "juwsgi.launcher";

    private static final Pattern BOUND = Pattern.compile("http bound on (http://\\S+)");

    private final Class<? extends Plugin> plugin;
    private final List<Path> libraries = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private final Map<String, String> files = new LinkedHashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private @Nullable Path directory;
    private @Nullable ServerProcess process;
    private boolean forAll;

    private JuwsgiServer(Class<? extends Plugin> plugin) {
        this.plugin = plugin;
    }

    /** Returns a server that loads a plugin. */
    public static JuwsgiServer with(Class<? extends Plugin> plugin) {
        return new JuwsgiServer(plugin);
    }

    /** Adds options as on the command line; returns this. */
    public JuwsgiServer options(String... more) {
        options.addAll(List.of(more));
        return this;
    }

    /** Adds the jar that a class comes from, to the plugin's folder; returns this. */
    public JuwsgiServer library(Class<?> ofLibrary) {
        libraries.add(PluginJar.origin(ofLibrary));
        return this;
    }

    /**
     * Puts a file into the working directory; returns this. {@code app.py} with a WSGI application is found without
     * further options.
     */
    public JuwsgiServer file(String name, String text) {
        files.put(name, text);
        return this;
    }

    // ---- JUnit

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        forAll = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!forAll) {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (!forAll) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        stop();
        forAll = false;
    }

    private void start() throws IOException {
        Path own = Files.createTempDirectory("juwsgi-test");
        directory = own;
        String folder = "plugins.d/under-test/";
        PluginJar.write(plugin, own.resolve(folder + "plugin.jar"));
        for (Path library : libraries) {
            Files.copy(library, own.resolve(folder).resolve(Objects.requireNonNull(library.getFileName())));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(own.resolve(file.getKey()), file.getValue());
        }
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0"));
        arguments.addAll(options);
        try {
            process = ServerProcess.start(launcher(), own, Map.of(), arguments);
            var _ = uri("/");
        } catch (IOException e) {
            stop();
            throw new IOException(
                    "juwsgi cannot be started: " + e.getMessage() + " (expected: in PATH, or named by -D" + LAUNCHER
                            + ")",
                    e);
        } catch (AssertionError e) {
            stop();
            throw e;
        }
    }

    private static String launcher() {
        return System.getProperty(LAUNCHER, "juwsgi");
    }

    private void stop() throws IOException {
        ServerProcess running = process;
        process = null;
        if (running != null) {
            running.close();
        }
        Path own = directory;
        directory = null;
        if (own != null) {
            try (Stream<Path> all = Files.walk(own)) {
                all.sorted(Comparator.reverseOrder()).forEach(JuwsgiServer::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- what tests use

    /** Returns the process, with its log. */
    public ServerProcess process() {
        return Objects.requireNonNull(process, "the server has not been started: is the field annotated?");
    }

    /** Returns the working directory. */
    public Path directory() {
        return Objects.requireNonNull(directory, "the server has not been started: is the field annotated?");
    }

    /** Returns the address of a path, such as {@code http://127.0.0.1:41234/a}. */
    public URI uri(String path) {
        String line = process().awaitLine(text -> BOUND.matcher(text).find(), 0);
        Matcher matcher = BOUND.matcher(line);
        if (!matcher.find()) {
            throw new AssertionError(line);
        }
        return URI.create(matcher.group(1) + path);
    }

    /** Sends a GET request. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    /** Sends a request; its answer may take a minute. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(
                request.timeout(Waiting.PATIENCE.multipliedBy(2)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
