package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** juwsgi as a user starts it: the launcher in a process of its own, with its log. */
final class RunningServer implements AutoCloseable {
    static final Path ROOT =
            Path.of(System.getProperty("juwsgi.root")).toAbsolutePath().normalize();
    private static final Path LAUNCHER = ROOT.resolve("juwsgi");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern BOUND = Pattern.compile("http bound on (http://\\S+)");

    private final ServerProcess server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningServer(ServerProcess server) {
        this.server = server;
    }

    /** Starts juwsgi with the distribution's interpreter, the one that sees the distribution's Flask and Django. */
    static RunningServer start(Path directory, String... arguments) throws IOException {
        return start(directory, Map.of(), arguments);
    }

    static RunningServer start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return startBy(LAUNCHER, directory, environment, arguments);
    }

    /** Starts juwsgi with a log that goes on when other processes have taken this one's place. */
    static RunningServer startForUpgrades(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return new RunningServer(
                ServerProcess.startForUpgrades(LAUNCHER.toString(), directory, environment, List.of(arguments)));
    }

    /** Starts juwsgi by another path to the launcher, such as a link. */
    static RunningServer startBy(Path launcher, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return new RunningServer(ServerProcess.start(launcher.toString(), directory, environment, List.of(arguments)));
    }

    /** Waits for a log line and returns it. */
    String awaitLine(Predicate<String> wanted) {
        return awaitLine(wanted, 0);
    }

    /** Waits for a log line that stands behind the first {@code from} lines. */
    String awaitLine(Predicate<String> wanted, int from) {
        return server.awaitLine(wanted, from);
    }

    String awaitLine(String part) {
        return awaitLine(line -> line.contains(part));
    }

    int logSize() {
        return server.log().size();
    }

    String log() {
        return String.join("\n", server.log());
    }

    /** Waits until the first HTTP listener is bound and {@code workers} workers are ready. */
    RunningServer ready(int workers) {
        baseUri();
        for (int id = 1; id <= workers; id++) {
            awaitWorker(id, 0);
        }
        return this;
    }

    /** Waits for the line of a worker that has become ready, behind the first {@code from} lines of the log. */
    void awaitWorker(int id, int from) {
        Pattern spawned = Pattern.compile("[sS]pawned uWSGI worker " + id + "( |$)");
        awaitLine(line -> spawned.matcher(line).find(), from);
    }

    /** Returns the address of the first HTTP listener, such as {@code http://127.0.0.1:41234}. */
    String baseUri() {
        Matcher matcher = BOUND.matcher(awaitLine(line -> BOUND.matcher(line).find()));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    /** Returns the address of the first listener of a protocol, such as {@code https://127.0.0.1:41234}. */
    String boundUri(String protocol) {
        String line = awaitLine(one -> one.contains("juwsgi " + protocol + " bound on "));
        int from = line.indexOf(protocol + "://");
        return line.substring(from, line.indexOf(' ', from));
    }

    int port() {
        return URI.create(baseUri()).getPort();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(baseUri() + path)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    }

    URI uri(String path) {
        return URI.create(baseUri() + path);
    }

    /** Returns what {@code stats} on a TCP port tells. */
    String stats() throws IOException {
        String line = awaitLine("stats bound on ");
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(line.replaceFirst(".*:([0-9]+)$", "$1")))) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    long pid() {
        return server.process().pid();
    }

    /** Returns the process that was started. */
    Process process() {
        return server.process();
    }

    boolean alive() {
        return server.process().isAlive();
    }

    /** Sends a signal by name, such as {@code HUP}. */
    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** Waits for the end and returns the exit code. */
    int exitCode() throws InterruptedException {
        return server.exitCode();
    }

    @Override
    public void close() {
        server.close();
        client.close();
    }
}
