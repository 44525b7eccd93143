package io.juwsgi.plugin.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.spi.log.LogLine;
import io.juwsgi.spi.log.Logger;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loggers talk to real sockets. */
final class LoggersTest {
    private static final int PATIENCE_MILLIS = 30_000;

    @TempDir
    Path directory;

    private static LogLine line(Level level, String text) {
        return new LogLine(LogLine.Source.MESSAGE, level, 1_700_000_000_123_456L, 0, 0, text);
    }

    private static void write(Logger logger, String... texts) throws IOException {
        logger.write(List.of(texts).stream().map(text -> line(Level.INFO, text)).toList());
    }

    private Path socket() {
        return directory.resolve("log.sock");
    }

    private UnixDatagramChannel receiver() throws IOException {
        UnixDatagramChannel receiver = UnixDatagramChannel.open();
        receiver.bind(new UnixSocketAddress(socket().toFile()));
        return receiver;
    }

    private static String receive(UnixDatagramChannel receiver) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(100_000);
        receiver.receive(datagram);
        return new String(datagram.array(), 0, datagram.position(), StandardCharsets.ISO_8859_1);
    }

    private static DatagramSocket udp() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    @Test
    void syslogGetsPriorityTimeAndName() throws Exception {
        try (UnixDatagramChannel syslog = receiver()) {
            Logger logger = SyslogLogger.local(socket() + ",site,local3");
            logger.write(List.of(line(Level.INFO, "hello"), line(Level.WARNING, "two\nlines"), line(Level.ERROR, "")));
            String pid = "\\[" + ProcessHandle.current().pid() + "\\]: ";
            String time = "\\w{3} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d site";
            assertThat(receive(syslog)).matches("<158>" + time + pid + "hello");
            assertThat(receive(syslog)).matches("<156>" + time + pid + "two");
            assertThat(receive(syslog)).matches("<156>" + time + pid + "lines");
            assertThat(receive(syslog)).matches("<155>" + time + pid);
            logger.close();
        }
    }

    @Test
    void syslogThatComesBackIsFoundAgain() throws Exception {
        Logger logger = SyslogLogger.local(socket().toString());
        assertThatThrownBy(() -> write(logger, "lost"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(socket().toString());
        try (UnixDatagramChannel syslog = receiver()) {
            write(logger, "first");
            assertThat(receive(syslog)).endsWith(": first");
        }
        assertThatThrownBy(() -> write(logger, "lost")).isInstanceOf(IOException.class);
        Files.delete(socket());
        try (UnixDatagramChannel syslog = receiver()) {
            write(logger, "second");
            assertThat(receive(syslog)).endsWith(": second");
        }
        logger.close();
    }

    @Test
    void rsyslogGetsDatagramsThatItTakes() throws Exception {
        try (DatagramSocket rsyslog = udp()) {
            Logger logger = SyslogLogger.remote("127.0.0.1:" + rsyslog.getLocalPort() + ",site,29");
            write(logger, "hello", "\u20ac".repeat(1000));
            assertThat(receive(rsyslog)).matches("<30>\\w{3} [ \\d]\\d [\\d:]{8} site: hello");
            String first = receive(rsyslog);
            String second = receive(rsyslog);
            assertThat(first.replaceFirst(".*: ", "") + second.replaceFirst(".*: ", ""))
                    .isEqualTo("\u20ac".repeat(1000));
            logger.close();
        }
    }

    @Test
    void socketsGetALineADatagram() throws Exception {
        try (DatagramSocket receiver = udp();
                UnixDatagramChannel unix = receiver()) {
            Logger logger = SocketLogger.of("127.0.0.1:" + receiver.getLocalPort() + ",site ");
            write(logger, "one", "two");
            assertThat(receive(receiver)).isEqualTo("site one\n");
            assertThat(receive(receiver)).isEqualTo("site two\n");
            logger.close();
            Logger toUnix = SocketLogger.of(socket().toString());
            write(toUnix, "three");
            assertThat(receive(unix)).isEqualTo("three\n");
            toUnix.close();
        }
    }

    @Test
    void theJournalGetsFields() throws Exception {
        try (UnixDatagramChannel journal = receiver()) {
            Logger logger = JournalLogger.of(socket().toString());
            logger.write(List.of(
                    new LogLine(LogLine.Source.APPLICATION, Level.INFO, 0, 2, 471, "printed"),
                    line(Level.ERROR, "two\nlines")));
            assertThat(receive(journal))
                    .isEqualTo("MESSAGE=printed\nPRIORITY=6\nSYSLOG_IDENTIFIER=uwsgi\nJUWSGI_KIND=application\n"
                            + "JUWSGI_WORKER=2\nJUWSGI_WORKER_PID=471\n");
            assertThat(receive(journal))
                    .isEqualTo("MESSAGE\n\u0009\0\0\0\0\0\0\0two\nlines\nPRIORITY=3\nSYSLOG_IDENTIFIER=uwsgi\n"
                            + "JUWSGI_KIND=message\n");
            logger.close();
        }
    }

    @Test
    void refusesWrongArguments() {
        assertThatThrownBy(() -> SyslogLogger.local("site,nowhere"))
                .hasMessage("facility: nowhere (expected: such as daemon, user or local0 to local7)");
        assertThatThrownBy(() -> SyslogLogger.remote("host"))
                .hasMessage("address: host (expected: host:port or a socket's path)");
        assertThatThrownBy(() -> SyslogLogger.remote("host:1,n,999")).hasMessage("priority: 999 (expected: 0 to 191)");
        assertThatThrownBy(() -> SocketLogger.of("host:70000"))
                .hasMessage("address: host:70000 (expected: host:port or a socket's path)");
        assertThatThrownBy(() -> JournalLogger.of("x")).hasMessage("socket: x (expected: a path, or nothing)");
    }
}
