package io.juwsgi.plugin.logs;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import io.juwsgi.spi.log.Strftime;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Sends lines to syslog, in the old form that every implementation reads (RFC 3164): to the local one over its socket, or to
 * another machine's over UDP. A line of a stack trace is a message of its own, and so is each piece of a long line.
 */
final class SyslogLogger implements Logger {
    private static final String LOCAL = "/dev/log";
    private static final String NAME = "uwsgi";
    private static final int DAEMON = 3;
    /** What every receiver takes (RFC 5426 section 3.2), less the header. */
    private static final int LONGEST = 1900;

    private static final Map<String, Integer> FACILITIES = Map.ofEntries(
            Map.entry("kern", 0),
            Map.entry("user", 1),
            Map.entry("mail", 2),
            Map.entry("daemon", DAEMON),
            Map.entry("auth", 4),
            Map.entry("syslog", 5),
            Map.entry("lpr", 6),
            Map.entry("news", 7),
            Map.entry("uucp", 8),
            Map.entry("cron", 9),
            Map.entry("authpriv", 10),
            Map.entry("ftp", 11),
            Map.entry("local0", 16),
            Map.entry("local1", 17),
            Map.entry("local2", 18),
            Map.entry("local3", 19),
            Map.entry("local4", 20),
            Map.entry("local5", 21),
            Map.entry("local6", 22),
            Map.entry("local7", 23));

    private final Strftime time = Strftime.of("%b %e %H:%M:%S");
    private final Datagrams datagrams;
    private final String tag;
    private final int facility;

    private SyslogLogger(Datagrams datagrams, String tag, int facility) {
        this.datagrams = datagrams;
        this.tag = tag;
        this.facility = facility;
    }

    /** Returns a logger for {@code [NAME[,FACILITY]]}; a name that begins with a slash is another socket's path. */
    static SyslogLogger local(String argument) {
        String[] parts = argument.split(",", -1);
        String socket = LOCAL;
        int next = 0;
        if (parts[0].startsWith("/")) {
            socket = parts[next++];
        }
        String name = parts.length > next && !parts[next].isEmpty() ? parts[next] : NAME;
        int facility = parts.length > next + 1 ? facility(parts[next + 1]) : DAEMON;
        String tag = name + "[" + ProcessHandle.current().pid() + "]";
        return new SyslogLogger(Datagrams.to(socket), tag, facility);
    }

    /** Returns a logger for {@code HOST:PORT[,NAME[,PRIORITY]]}; the priority's facility counts. */
    static SyslogLogger remote(String argument) {
        String[] parts = argument.split(",", -1);
        if (parts[0].startsWith("/")) {
            throw new IllegalArgumentException("address: " + parts[0] + " (expected: host:port)");
        }
        String name = parts.length > 1 && !parts[1].isEmpty() ? parts[1] : NAME;
        return new SyslogLogger(Datagrams.to(parts[0]), name, parts.length > 2 ? priority(parts[2]) / 8 : DAEMON);
    }

    private static int facility(String name) {
        Integer number = FACILITIES.get(name);
        if (number == null) {
            throw new IllegalArgumentException(
                    "facility: " + name + " (expected: such as daemon, user or local0 to local7)");
        }
        return number;
    }

    private static int priority(String text) {
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > 191) {
            throw new IllegalArgumentException("priority: " + text + " (expected: 0 to 191)");
        }
        return Integer.parseInt(text);
    }

    @Override
    public void write(List<LogLine> lines) throws IOException {
        for (LogLine line : lines) {
            byte[] head = head(line).getBytes(StandardCharsets.UTF_8);
            Pieces.of(line.text(), LONGEST, (bytes, from, to) -> {
                byte[] datagram = new byte[head.length + to - from];
                System.arraycopy(head, 0, datagram, 0, head.length);
                System.arraycopy(bytes, from, datagram, head.length, to - from);
                datagrams.send(datagram);
            });
        }
    }

    private String head(LogLine line) {
        int priority = facility * 8 + severity(line.level());
        return "<" + priority + ">" + time.format(line.micros() / 1_000_000) + " " + tag + ": ";
    }

    /** Returns the severity of RFC 5424 section 6.2.1. */
    static int severity(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARNING -> 4;
            case INFO -> 6;
            default -> 7;
        };
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
