package io.juwsgi.master;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A named pipe: every byte that somebody writes into it is a command. A thread of its own reads it, and holds it open
 * for writing too, so that it has no end when a writer goes.
 */
final class MasterFifo {
    private static final byte WAKE = 0;

    private final Path path;
    private final RandomAccessFile pipe;
    private final LogSink log;
    private final Consumer<MasterEvent> events;
    private final @Nullable Object key;
    private volatile boolean closed;

    private MasterFifo(Path path, RandomAccessFile pipe, LogSink log, Consumer<MasterEvent> events) throws IOException {
        this.path = path;
        this.pipe = pipe;
        this.log = log;
        this.events = events;
        this.key = key(path);
    }

    /** Makes the pipe, in the place of an older one, and begins to read. */
    static MasterFifo open(Path path, LogSink log, Consumer<MasterEvent> events) {
        try {
            make(path);
            MasterFifo fifo = new MasterFifo(path, new RandomAccessFile(path.toFile(), "rw"), log, events);
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
                    events.accept(new MasterEvent.Command((char) command));
                }
            }
        } catch (IOException e) {
            log.line("master-fifo " + path + ": " + e.getMessage());
        }
    }

    /** Removes the pipe and ends its thread. */
    void close() throws IOException {
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
