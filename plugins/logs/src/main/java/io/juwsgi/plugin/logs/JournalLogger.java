package io.juwsgi.plugin.logs;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Sends lines to systemd's journal in its native protocol (systemd's document on it: one datagram an entry, fields as {@code
 * NAME=value} lines or with a length). An entry has MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, JUWSGI_KIND and, when a worker
 * printed it, JUWSGI_WORKER and JUWSGI_WORKER_PID.
 */
final class JournalLogger implements Logger {
    private static final String SOCKET = "/run/systemd/journal/socket";
    /** A longer message would need a file in place of a datagram; it goes in several entries. */
    private static final int LONGEST = 128 * 1024;

    private final Datagrams datagrams;

    private JournalLogger(Datagrams datagrams) {
        this.datagrams = datagrams;
    }

    /** Returns a logger for {@code [SOCKET]}. */
    static JournalLogger of(String argument) {
        if (!argument.isEmpty() && !argument.startsWith("/")) {
            throw new IllegalArgumentException("socket: " + argument + " (expected: a path, or nothing)");
        }
        return new JournalLogger(Datagrams.to(argument.isEmpty() ? SOCKET : argument));
    }

    @Override
    public void write(List<LogLine> lines) throws IOException {
        for (LogLine line : lines) {
            String text = line.text();
            for (int from = 0; from == 0 || from < text.length(); from += LONGEST / 4) {
                datagrams.send(entry(line, text.substring(from, Math.min(text.length(), from + LONGEST / 4))));
            }
        }
    }

    private static byte[] entry(LogLine line, String message) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream(message.length() + 160);
        field(entry, "MESSAGE", message);
        field(entry, "PRIORITY", Integer.toString(SyslogLogger.severity(line.level())));
        field(entry, "SYSLOG_IDENTIFIER", "uwsgi");
        field(entry, "JUWSGI_KIND", line.source().name().toLowerCase(Locale.ROOT));
        if (line.worker() > 0) {
            field(entry, "JUWSGI_WORKER", Integer.toString(line.worker()));
            field(entry, "JUWSGI_WORKER_PID", Long.toString(line.pid()));
        }
        return entry.toByteArray();
    }

    private static void field(ByteArrayOutputStream entry, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        entry.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        if (value.indexOf('\n') < 0) {
            entry.write('=');
        } else {
            entry.write('\n');
            entry.writeBytes(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(bytes.length)
                    .array());
        }
        entry.writeBytes(bytes);
        entry.write('\n');
    }

    @Override
    public void reopen() throws IOException {
        datagrams.close();
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
    }
}
