package io.juwsgi.cli;

import io.juwsgi.cli.upgrade.Predecessor;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.master.RuntimeDirectory;
import io.juwsgi.processes.Bond;
import io.juwsgi.processes.Child;
import io.juwsgi.processes.ChildCommand;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * {@code daemonize}: the server runs in a session of its own and writes to a file. A JVM cannot fork, so the command starts
 * itself once more and returns when the other one is ready, or has ended. Used on the main thread.
 */
final class Background {
    /** Names the socket by which the server in the background tells that it is ready. */
    private static final String VARIABLE = "_JUWSGI_BACKGROUND";

    /** So much of the log is shown when the server does not start. */
    private static final int SHOWN = 64 * 1024;

    private final LogSink log;

    Background(LogSink log) {
        this.log = log;
    }

    /** Returns whether the server is to run in the background, and this is not yet there, nor the successor of one that is. */
    static boolean wanted(Settings settings) {
        return file(settings).isPresent()
                && System.getenv(VARIABLE) == null
                && System.getenv(Predecessor.VARIABLE) == null;
    }

    private static Optional<Path> file(Settings settings) {
        return settings.get(CliOptions.DAEMONIZE)
                .or(() -> settings.get(CliOptions.DAEMONIZE2))
                .map(file -> Path.of(file).toAbsolutePath());
    }

    /** Returns the program that started this process. */
    static String launcher() {
        String launcher = System.getProperty("juwsgi.launcher");
        if (launcher == null) {
            throw new ConfigException("juwsgi does not know how it was started (expected: by its launcher)");
        }
        return launcher;
    }

    /** Tells whoever waits for this server that it is ready. Any thread may call. */
    static void ready() {
        String socket = System.getenv(VARIABLE);
        if (socket == null || !Files.exists(Path.of(socket))) {
            return;
        }
        try {
            SocketChannel.open(UnixDomainSocketAddress.of(socket)).close();
        } catch (IOException nobodyWaits) {
            // The command was interrupted; the server goes on all the same.
        }
    }

    /**
     * Starts the server and waits until it is ready.
     *
     * @param args the command line
     * @return the exit code: 0 when it is ready, else its own
     */
    int start(List<String> args, Settings settings) {
        Path file = file(settings).orElseThrow();
        RuntimeDirectory directory = RuntimeDirectory.create(log);
        try {
            return start(args, file, directory.runtime().directory().resolve("ready.sock"));
        } catch (IOException e) {
            throw new ConfigException("daemonize: " + e.getMessage());
        } finally {
            try {
                directory.remove();
            } catch (IOException e) {
                log.line("daemonize: " + e);
            }
        }
    }

    private int start(List<String> args, Path file, Path socket) throws IOException {
        if (Files.isDirectory(file) || (Files.exists(file) && !Files.isWritable(file))) {
            throw new ConfigException("daemonize: " + file + " (expected: a file that can be written to)");
        }
        long before = Files.exists(file) ? Files.size(file) : 0;
        CompletableFuture<Integer> end = new CompletableFuture<>();
        try (ServerSocketChannel ready = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ready.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().start(() -> {
                try (SocketChannel _ = ready.accept()) {
                    end.complete(0);
                } catch (IOException closed) {
                    // The server ended first.
                }
            });
            Child child = Child.start(
                    command(args, file, socket),
                    "juwsgi-background",
                    log,
                    status -> end.complete(status.code() < 0 ? 128 + status.signal() : Math.max(1, status.code())));
            int exitCode = end.join();
            if (exitCode == 0) {
                log.line("juwsgi runs in the background (pid: " + child.pid() + ", log: " + file + ")");
            } else {
                show(file, before);
                log.line("daemonize: the server has not come up, exit code " + exitCode + "; its log is " + file);
            }
            return exitCode;
        }
    }

    /** The log is the file from the first line on, also for what the launcher and the JVM may say. */
    private static ChildCommand command(List<String> args, Path file, Path socket) {
        List<String> argv =
                new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", file.toString(), launcher()));
        argv.addAll(args);
        return new ChildCommand(
                argv, Map.of(VARIABLE, socket.toString()), null, ChildCommand.NO_INPUT, Bond.DETACHED, null);
    }

    private void show(Path file, long from) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(from, channel.size() - SHOWN));
            InputStream in = Channels.newInputStream(channel);
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(log::line);
        }
    }
}
