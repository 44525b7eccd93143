package io.juwsgi.cli.log;

import io.juwsgi.spi.LogSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes lines to standard error, as uWSGI does, on a thread of its own: a full pipe there stops no event loop. Safe for
 * all threads; the fields belong to the monitor.
 *
 * <p>Lines gather in one buffer while the writer is busy with the other. When the reader of the log falls behind by
 * {@link #LIMIT}, lines are dropped and counted, and the count is logged when there is room again.
 */
public final class StandardLog implements LogSink {
    /** Bytes of unwritten lines: 4 MiB hold about 30,000 request lines. */
    private static final int LIMIT = 4 * 1024 * 1024;

    private static final StandardLog INSTANCE = new StandardLog(new FileOutputStream(FileDescriptor.err));

    private final OutputStream out;
    private byte[] waiting = new byte[16 * 1024];
    private byte[] spare = new byte[16 * 1024];
    private int length;
    private long dropped;
    private boolean writing;

    StandardLog(OutputStream out) {
        this.out = out;
        Thread.ofPlatform().daemon().name("juwsgi-log").start(this::writeForEver);
    }

    /** Returns the log of this process. */
    public static StandardLog instance() {
        return INSTANCE;
    }

    @Override
    public synchronized void line(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (length + bytes.length + 1 > LIMIT) {
            dropped++;
            return;
        }
        if (dropped > 0) {
            byte[] notice = ("log: " + dropped + " lines were dropped, their reader was too slow\n")
                    .getBytes(StandardCharsets.UTF_8);
            dropped = 0;
            append(notice, notice.length);
        }
        append(bytes, bytes.length);
        append(new byte[] {'\n'}, 1);
        notifyAll();
    }

    private void append(byte[] bytes, int count) {
        if (length + count > waiting.length) {
            waiting = Arrays.copyOf(waiting, Math.max(waiting.length * 2, length + count));
        }
        System.arraycopy(bytes, 0, waiting, length, count);
        length += count;
    }

    /**
     * Waits until every line is written.
     *
     * @param millis how long to wait at most, in milliseconds
     */
    public synchronized void flush(long millis) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        long left = millis;
        while ((length > 0 || writing) && left > 0) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    private void writeForEver() {
        while (true) {
            int count;
            byte[] batch;
            synchronized (this) {
                while (length == 0) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        return;
                    }
                }
                batch = waiting;
                count = length;
                waiting = spare;
                spare = batch;
                length = 0;
                writing = true;
            }
            write(batch, count);
            synchronized (this) {
                writing = false;
                notifyAll();
            }
        }
    }

    private void write(byte[] batch, int count) {
        try {
            out.write(batch, 0, count);
            out.flush();
        } catch (IOException e) {
            // Nobody reads the log any more; there is no other place to say so.
        }
    }
}
