package io.juwsgi.plugin.logs;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Sends each line as a datagram, over UDP or to a Unix socket, with a line end, as uWSGI's does. */
final class SocketLogger implements Logger {
    /** More than this does not fit into a UDP datagram. */
    private static final int LONGEST = 60_000;

    private final Datagrams datagrams;
    private final byte[] prefix;

    private SocketLogger(Datagrams datagrams, String prefix) {
        this.datagrams = datagrams;
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a logger for {@code ADDRESS[,PREFIX]}. */
    static SocketLogger of(String argument) {
        int comma = argument.indexOf(',');
        return comma < 0
                ? new SocketLogger(Datagrams.to(argument), "")
                : new SocketLogger(Datagrams.to(argument.substring(0, comma)), argument.substring(comma + 1));
    }

    @Override
    public void write(List<LogLine> lines) throws IOException {
        for (LogLine line : lines) {
            Pieces.of(line.text(), LONGEST, (bytes, from, to) -> {
                byte[] datagram = new byte[prefix.length + to - from + 1];
                System.arraycopy(prefix, 0, datagram, 0, prefix.length);
                System.arraycopy(bytes, from, datagram, prefix.length, to - from);
                datagram[datagram.length - 1] = '\n';
                datagrams.send(datagram);
            });
        }
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
