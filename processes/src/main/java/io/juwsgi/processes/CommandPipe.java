package io.juwsgi.processes;

import io.juwsgi.config.ConfigException;
import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A named pipe ({@code master-fifo}): every byte that somebody writes into it is a command. A thread of its own reads it, and
 * holds it open for writing too, so that it has no end when a writer goes.
 */
public final class CommandPipe {
    /** Obeys commands, on the pipe's thread, which must not be held up. */
    @FunctionalInterface
    public interface Commands {
        void obey(char letter);
    }

    private static final byte WAKE = 0;

    private final Path path;
    private final RandomAccessFile pipe;
    private final LogSink log;
    private final Commands commands;
    private final @Nullable Object key;
    private volatile boolean closed;

    private CommandPipe(Path path, RandomAccessFile pipe, LogSink log, Commands commands) throws IOException {
        this.path = path;
        this.pipe = pipe;
        this.log = log;
        this.commands = commands;
        this.key = key(path);
    }

    /**
     * Makes the pipe, in the place of an older one, and begins to read.
     *
     * @throws ConfigException when it cannot be made; the message is one line for the user
     */
    public static CommandPipe open(Path path, LogSink log, Commands commands) {
        try {
            make(path);
            CommandPipe fifo = new CommandPipe(path, new RandomAccessFile(path.toFile(), "rw"), log, commands);
            Thread.ofPlatform().name("juwsgi-fifo").daemon().start(fifo::read);
            return fifo;
        } catch (IOException e) {
            throw new ConfigException("master-fifo: cannot make " + path + ": " + e.getMessage());
        }
    }

    private static void make(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!found.isOther()) {
                throw new IOException("there is a file, which is no named pipe");
            }
            Files.delete(path);
        }
        // The JDK cannot make one.
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", path.toString())
                .redirectErrorStream(true)
                .start();
        try {
            if (!mkfifo.waitFor(10, TimeUnit.SECONDS) || mkfifo.exitValue() != 0) {
                mkfifo.destroyForcibly();
                String said = new String(mkfifo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(said.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void read() {
        try (pipe) {
            for (int command = pipe.read(); command >= 0 && !closed; command = pipe.read()) {
                if (command > ' ') {
                    commands.obey((char) command);
                }
            }
        } catch (IOException e) {
            log.line("master-fifo " + path + ": " + e.getMessage());
        }
    }

    /** Removes the pipe and ends its thread. */
    public void close() throws IOException {
        closed = true;
        pipe.write(WAKE);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Objects.equals(key(path), key)) {
            Files.deleteIfExists(path);
        }
    }

    /** Another server may have made one of its own in the same place. */
    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
