package io.juwsgi.cli.log;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a file or a named pipe. A file that somebody removes or renames is made again within a second of the next line;
 * one that has reached its size is put aside. Opened on the main thread, then owned by its target's thread.
 */
final class FileLogger implements Logger {
    private static final System.Logger LOG = System.getLogger(FileLogger.class.getName());

    /** How often the path is looked at, in nanoseconds. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(1);

    private final FileSettings settings;
    private final Path path;
    private final LineBuffer buffer = new LineBuffer(this::writeAll);
    private @Nullable FileChannel channel;
    private @Nullable Object key;
    private long size;
    private long nextRotation;
    private long lastLook = System.nanoTime();
    /** A line was written in part, so that the next one must not follow on it. */
    private boolean torn;

    FileLogger(FileSettings settings) {
        this.settings = settings;
        this.path = settings.path();
    }

    @Override
    public void start() throws IOException {
        open(settings.truncate());
    }

    private void open(boolean truncate) throws IOException {
        FileChannel opened;
        if (LogFiles.isPipe(path)) {
            // Open for reading, too: opening a pipe for writing alone waits for a reader.
            opened = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } else if (Files.exists(path) && !Files.isRegularFile(path)) {
            opened = FileChannel.open(path, StandardOpenOption.WRITE);
        } else {
            opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (truncate) {
                opened.truncate(0);
            }
            own(opened);
        }
        close();
        channel = opened;
        key = LogFiles.regularKey(path);
        size = key == null ? 0 : opened.size();
        nextRotation = settings.maxSize();
    }

    private void own(FileChannel opened) throws IOException {
        try {
            settings.own();
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public void write(List<LogLine> lines) throws IOException {
        buffer.clear();
        look();
        for (LogLine line : lines) {
            buffer.line(line.text());
        }
        buffer.flush();
    }

    /** Looks whether the file is still the one that its path names. */
    private void look() throws IOException {
        long now = System.nanoTime();
        if (channel == null) {
            open(false);
        } else if (key != null && now - lastLook > LOOK) {
            lastLook = now;
            if (!key.equals(LogFiles.regularKey(path))) {
                open(false);
            }
        }
    }

    private void writeAll(byte[] bytes, int length) throws IOException {
        if (nextRotation > 0 && key != null && size >= nextRotation) {
            // Where it cannot be put aside it grows by its limit until that is tried again.
            nextRotation = size + settings.maxSize();
            rotateIfPossible();
        }
        ByteBuffer data = ByteBuffer.wrap(bytes, 0, length);
        try {
            if (torn) {
                write(ByteBuffer.wrap(new byte[] {'\n'}));
                torn = false;
            }
            write(data);
        } catch (IOException e) {
            torn = torn || (data.position() > 0 && bytes[data.position() - 1] != '\n');
            throw e;
        }
    }

    private void rotateIfPossible() {
        try {
            rotate();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "log: {0} cannot be put aside: {1}", path, e);
        }
    }

    private void write(ByteBuffer data) throws IOException {
        FileChannel out = Objects.requireNonNull(channel);
        while (data.hasRemaining()) {
            size += out.write(data);
        }
    }

    @Override
    public void reopen() throws IOException {
        open(false);
    }

    @Override
    public void rotate() throws IOException {
        if (key == null || !key.equals(LogFiles.regularKey(path))) {
            return;
        }
        Files.move(path, settings.backup(), StandardCopyOption.REPLACE_EXISTING);
        open(false);
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
