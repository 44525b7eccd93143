package io.juwsgi.testkit;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** juwsgi as a user starts it: the launcher in a process of its own, with its log. Any thread may use it. */
public final class ServerProcess implements AutoCloseable {
    private static final long STOP_SECONDS = 30;

    private final Process process;
    private final List<String> log = new ArrayList<>();
    private boolean logEnded;

    private ServerProcess(Process process, InputStream output) {
        this.process = process;
        Thread.ofPlatform().name("server-log").daemon().start(() -> readLog(output));
    }

    /**
     * Starts a launcher. Variables {@code UWSGI_*} and {@code JUWSGI_*} of this process do not reach it.
     *
     * @param launcher the program, a path or a name that is looked for in PATH
     * @param directory the working directory
     * @param environment variables on top of this process's own
     * @throws IOException when there is no such program
     */
    public static ServerProcess start(
            String launcher, Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Process process = process(launcher, directory, environment, arguments);
        return new ServerProcess(process, process.getInputStream());
    }

    /**
     * Starts a launcher whose log goes on when other processes have taken the place of the one that was started (Linux).
     *
     * @see #start
     */
    public static ServerProcess startForUpgrades(
            String launcher, Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Process process = process(launcher, directory, environment, arguments);
        // The JDK closes the end that it hands out when its process ends.
        return new ServerProcess(process, new FileInputStream("/proc/" + process.pid() + "/fd/1"));
    }

    private static Process process(
            String launcher, Path directory, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("UWSGI_") || name.startsWith("JUWSGI_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void readLog(InputStream output) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
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

    /** Returns the lines of the log so far. */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /**
     * Waits for a line of the log and returns it; for at most a minute.
     *
     * @param from how many lines at the log's beginning are passed over
     * @throws AssertionError when it does not come; the message has the whole log
     */
    public synchronized String awaitLine(Predicate<String> wanted, int from) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        int next = from;
        while (true) {
            for (; next < log.size(); next++) {
                if (wanted.test(log.get(next))) {
                    return log.get(next);
                }
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (logEnded || left <= 0) {
                throw new AssertionError("no such log line; the log is:\n" + String.join("\n", log));
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Returns the process. */
    public Process process() {
        return process;
    }

    /** Waits for the end of the process and of its log, at most a minute, and returns the exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end; its log is:\n" + String.join("\n", log()));
        }
        synchronized (this) {
            while (!logEnded) {
                wait(1000);
            }
        }
        return process.exitValue();
    }

    /** Asks the process to stop, and kills it and what it started when it does not. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
