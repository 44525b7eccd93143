package io.juwsgi.processes;

import io.juwsgi.spi.LogSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Copies what a child and its children print into the log, line by line, until nobody can print any more. It reads as
 * fast as it can, so that nobody waits for the log. Owned by its own thread.
 */
public final class OutputPump implements Runnable {
    /** A longer line is cut into pieces of this many bytes. */
    public static final int MAX_LINE = 16 * 1024;

    private final InputStream output;
    private final LogSink log;
    private final Runnable ended;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

    OutputPump(InputStream output, LogSink log, Runnable ended) {
        this.output = output;
        this.log = log;
        this.ended = ended;
    }

    /**
     * Copies on a thread of its own.
     *
     * @param thread its name
     * @param output is closed at the end
     * @param ended called at the end
     */
    public static void start(String thread, InputStream output, LogSink log, Runnable ended) {
        Thread.ofPlatform().name(thread).daemon().start(new OutputPump(output, log, ended));
    }

    @Override
    public void run() {
        byte[] buffer = new byte[8192];
        try (output) {
            for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
                take(buffer, count);
            }
        } catch (IOException e) {
            log.line("output of a child: " + e.getMessage());
        } finally {
            if (line.size() > 0) {
                flush();
            }
            ended.run();
        }
    }

    private void take(byte[] buffer, int count) {
        int start = 0;
        for (int i = 0; i < count; i++) {
            boolean end = buffer[i] == '\n';
            if (end || line.size() + i - start >= MAX_LINE) {
                line.write(buffer, start, i - start);
                flush();
                start = end ? i + 1 : i;
            }
        }
        line.write(buffer, start, count - start);
    }

    private void flush() {
        // Bytes that are no UTF-8 become replacement characters.
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        log.line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
