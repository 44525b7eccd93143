package io.juwsgi.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.juwsgi.config.ConfigException;
import io.juwsgi.router.listener.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
final class ListenerTest {
    private static final String LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    @TempDir
    private Path directory;

    private static RouterFixture start(String... settings) {
        return new RouterFixture(Apps.mirror(), settings);
    }

    private static String overUnix(Path path) throws Exception {
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.connect(UnixDomainSocketAddress.of(path));
            client.write(ByteBuffer.wrap(LAST.getBytes(StandardCharsets.US_ASCII)));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void bindsSeveralAndSaysWhere() throws Exception {
        Path path = directory.resolve("s");
        try (RouterFixture router =
                start("http=:0", "http-socket=127.0.0.1:0", "socket=[::1]:0", "socket=" + path, "socket=0.0.0.0:0")) {
            int port = router.port();
            assertThat(router.listeners.getFirst())
                    .isEqualTo(new BoundListener("http", "http", "http://127.0.0.1:" + port, "*:" + port, port));
            assertThat(router.listeners)
                    .extracting(BoundListener::name)
                    .containsExactly("http", "http-socket", "socket", "socket", "socket");
            assertThat(router.listeners.get(2).url()).startsWith("uwsgi://[::1]:");
            assertThat(router.listeners.get(3))
                    .isEqualTo(new BoundListener("socket", "uwsgi", "unix:" + path, path.toString(), -1));
            try (Wire client = router.connect()) {
                assertThat(client.send(LAST).rest()).contains("REMOTE_ADDR=127.0.0.1\n", "SERVER_PORT=" + port + "\n");
            }
        }
    }

    @Test
    void socketSpeaksWhatProtocolSaysAndUwsgiSocketDoesNot() throws Exception {
        try (RouterFixture router = start("socket=127.0.0.1:0", "uwsgi-socket=127.0.0.1:0", "protocol=http")) {
            assertThat(router.listeners)
                    .extracting(BoundListener::name, BoundListener::protocol)
                    .containsExactly(tuple("socket", "http"), tuple("uwsgi-socket", "uwsgi"));
            try (Wire client = router.connect()) {
                assertThat(client.send(LAST).rest()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    @Test
    void refusesAProtocolThatItDoesNotSpeak() {
        assertThatThrownBy(() -> start("socket=127.0.0.1:0", "protocol=fastcgi"))
                .isInstanceOf(ConfigException.class)
                .hasMessageEndingWith("protocol = fastcgi (expected: uwsgi, http or http11)");
    }

    @Test
    void tellsIpv6AddressesInTheirShortForm() throws Exception {
        try (RouterFixture router = start("http=[::1]:0");
                SocketChannel client = SocketChannel.open(new java.net.InetSocketAddress("::1", router.port()))) {
            client.write(ByteBuffer.wrap(LAST.getBytes(StandardCharsets.US_ASCII)));
            assertThat(new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("REMOTE_ADDR=::1\n");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void servesOnEachTransport(Transport transport) throws Exception {
        Path path = directory.resolve("http.sock");
        try (RouterFixture router =
                        new RouterFixture(transport, Apps.mirror(), "http=127.0.0.1:0", "http-socket=" + path);
                Wire client = router.connect()) {
            assertThat(client.send(LAST).rest()).startsWith("HTTP/1.1 200 ");
            assertThat(overUnix(path)).startsWith("HTTP/1.1 200 ").contains("REMOTE_ADDR=\n", "SERVER_PORT=80\n");
        }
    }

    @Test
    void servesOnAnAbstractName() throws Exception {
        String name = "juwsgi-test-" + ProcessHandle.current().pid();
        CompletableFuture<String> answer = new CompletableFuture<>();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (RouterFixture router = start("http-socket=@" + name)) {
            assertThat(router.listeners.getFirst().address()).isEqualTo("@" + name);
            Channel client = new Bootstrap()
                    .group(group)
                    .channel(EpollDomainSocketChannel.class)
                    .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                        @Override
                        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                            answer.complete(bytes.toString(StandardCharsets.US_ASCII));
                        }
                    })
                    .connect(new DomainSocketAddress("\0" + name))
                    .sync()
                    .channel();
            client.writeAndFlush(Unpooled.copiedBuffer(LAST, StandardCharsets.US_ASCII));
            assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 200 ");
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    @Test
    void givesUnixSocketsTheModeAndOwnerAskedFor() throws Exception {
        Path path = directory.resolve("s");
        String user = Files.getOwner(directory).getName();
        try (RouterFixture router = start("http=" + path, "chmod-socket=640", "chown-socket=" + user)) {
            assertThat(router.listeners).hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-r-----");
        }
        try (RouterFixture router = start("http=" + path, "chmod-socket=")) {
            assertThat(router.listeners).hasSize(1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw-rw-");
        }
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void replacesASocketThatNobodyAnswersOn() throws Exception {
        Path path = directory.resolve("s");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
        try (RouterFixture router = start("http=" + path)) {
            assertThat(router.listeners).hasSize(1);
            assertThat(overUnix(path)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void removesTheSocketOnlyWithVacuum() throws Exception {
        Path path = directory.resolve("s");
        start("http=" + path).close();
        assertThat(path).exists();
        start("http=" + path, "vacuum=true").close();
        assertThat(path).doesNotExist();
    }

    @Test
    void refusesASocketThatIsInUse() throws Exception {
        Path path = directory.resolve("s");
        try (RouterFixture router = start("http=" + path)) {
            assertThat(router.listeners).hasSize(1);
            assertThatThrownBy(() -> start("http=" + path))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("--http " + path + ": the socket is in use by another process");
            assertThat(overUnix(path)).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void refusesAPathThatIsNoSocket() throws Exception {
        Path path = Files.writeString(directory.resolve("f"), "precious");
        assertThatThrownBy(() -> start("http=" + path))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--http " + path + ": the path is taken by a file that is no socket");
        assertThat(path).hasContent("precious");
    }

    @Test
    void refusesAMissingDirectory() {
        Path path = directory.resolve("no/s");
        assertThatThrownBy(() -> start("socket=" + path))
                .isInstanceOf(ConfigException.class)
                .hasMessage("--socket " + path + ": the directory " + path.getParent() + " does not exist");
    }

    @Test
    void refusesAPathThatIsTooLong() {
        String path = "/tmp/" + "x".repeat(110);
        assertThatThrownBy(() -> start("http=" + path))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the path has 115 bytes; a Unix socket's has 1 to 107");
    }

    @Test
    void refusesAnUnknownOwner() {
        Path path = directory.resolve("s");
        assertThatThrownBy(() -> start("http=" + path, "chown-socket=no-such-user-here"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("chown-socket no-such-user-here: there is no such user or group");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void refusesAPortInUseAndLeavesNothingOpen() throws Exception {
        Path path = directory.resolve("s");
        try (RouterFixture router = start("http=127.0.0.1:0")) {
            String address = "127.0.0.1:" + router.port();
            assertThatThrownBy(() -> start("http=" + path, "http-socket=" + address))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage("--http-socket " + address + ": the address is in use by another process");
            assertThatThrownBy(() -> overUnix(path)).isInstanceOf(java.io.IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8000 | for a port write :8000",
                ":99999 | the port is '99999' (expected: 0 to 65535)",
                ":http | the port is 'http' (expected: 0 to 65535)",
                "127.0.0.1: | the port is '' (expected: 0 to 65535)",
                "::1:80 | write an IPv6 address in brackets, as in [::1]:8000",
                "'' | an address is missing",
                "@ | the path has 0 bytes; a Unix socket's has 1 to 107 at most",
                "203.0.113.7:1 | this machine has no such address",
                "no-such-host.invalid:80 | the host name 'no-such-host.invalid' is not known",
            })
    void refusesBadAddresses(String address, String reason) {
        assertThatThrownBy(() -> start("http=" + address))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--http ")
                .hasMessageEndingWith(": " + reason);
    }

    @ParameterizedTest
    @CsvSource({"buffer-size=10", "http-timeout=0", "chmod-socket=9"})
    void refusesSettingsOutOfBounds(String setting) {
        assertThatThrownBy(() -> start(setting, "http=127.0.0.1:0"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("--" + setting.replace('=', ' ') + ": expected");
    }
}
