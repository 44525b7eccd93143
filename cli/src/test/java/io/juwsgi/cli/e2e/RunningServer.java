package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

    private final Process process;
    private final List<String> log = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private boolean logEnded;

    private RunningServer(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::readLog);
    }

    /** Starts juwsgi with the distribution's interpreter, the one that sees the distribution's Flask and Django. */
    static RunningServer start(Path directory, String... arguments) throws IOException {
        return start(directory, Map.of(), arguments);
    }

    static RunningServer start(Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        return startBy(LAUNCHER, directory, environment, arguments);
    }

    /** Starts juwsgi by another path to the launcher, such as a link. */
    static RunningServer startBy(Path launcher, Path directory, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("UWSGI_") || name.startsWith("JUWSGI_"));
        builder.environment().putAll(environment);
        return new RunningServer(builder.start());
    }

    private void readLog() {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (this) {
                    log.add(line);
                    notifyAll();
                }
            }
        } catch (IOException e) {
            // The process is gone: the log has ended.
        }
        synchronized (this) {
            logEnded = true;
            notifyAll();
        }
    }

    /** Waits for a log line and returns it. */
    synchronized String awaitLine(Predicate<String> wanted) {
        return awaitLine(wanted, 0);
    }

    /** Waits for a log line that stands behind the first {@code from} lines. */
    synchronized String awaitLine(Predicate<String> wanted, int from) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int next = from;
        while (true) {
            for (; next < log.size(); next++) {
                if (wanted.test(log.get(next))) {
                    return log.get(next);
                }
            }
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (logEnded || left <= 0) {
                throw new AssertionError("no such log line; the log is:\n" + String.join("\n", log));
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    }

    String awaitLine(String part) {
        return awaitLine(line -> line.contains(part));
    }

    synchronized int logSize() {
        return log.size();
    }

    synchronized String log() {
        return String.join("\n", log);
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

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
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
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("juwsgi ends; its log:\n%s", log())
                .isTrue();
        synchronized (this) {
            while (!logEnded) {
                wait(1000);
            }
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        client.close();
    }
}
