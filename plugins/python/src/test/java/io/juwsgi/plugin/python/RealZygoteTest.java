package io.juwsgi.plugin.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.config.Option;
import io.juwsgi.config.Settings;
import io.juwsgi.protocol.link.FrameHeader;
import io.juwsgi.protocol.link.FrameType;
import io.juwsgi.protocol.marshal.MarshalWriter;
import io.juwsgi.spi.worker.WorkerRuntime;
import io.juwsgi.spi.worker.ZygoteCommand;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real interpreter, started with the command that the language makes, forks a worker that answers a request. */
@Timeout(60)
final class RealZygoteTest {
    private static final String APP = """
            import os
            def app(environ, start_response):
                start_response('200 OK', [('Content-Type', 'text/plain')])
                return [environ['PATH_INFO'].encode('latin-1'), b' ', os.environ['GREETING'].encode()]
            """;

    @TempDir
    private Path directory;

    private WorkerRuntime runtime;
    private ServerSocketChannel master;
    private Process process;

    @BeforeEach
    void listen() throws IOException {
        Path control = directory.resolve("control.sock");
        runtime = new WorkerRuntime(directory, control);
        master = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        master.bind(UnixDomainSocketAddress.of(control));
    }

    @AfterEach
    void stop() throws Exception {
        master.close();
        process.destroyForcibly();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void forksAWorkerThatAnswersARequest() throws Exception {
        Path file = Files.writeString(directory.resolve("site.py"), APP);
        Settings settings = new Configured()
                .with(PythonOptions.WSGI_FILE, file.toString())
                .with(PythonOptions.CALLABLE, "app")
                .with(PythonOptions.ENV, "GREETING=grüß dich")
                .with(Option.integer("threads", 1), "2")
                .settings();

        start(settings);
        SocketChannel zygote = master.accept();
        Frame hello = read(zygote);
        assertThat(hello.header().type()).isEqualTo(FrameType.ZYGOTE);
        assertThat(hello.header().aux()).isEqualTo((int) process.pid());
        Frame booted = read(zygote);
        assertThat(booted.header().type()).isEqualTo(FrameType.BOOTED);
        assertThat(booted.header().aux()).isOne();

        write(zygote, FrameType.SPAWN, 0, 7, 0, new byte[0]);
        SocketChannel worker = master.accept();
        Frame ready = read(worker);
        assertThat(ready.header().type()).isEqualTo(FrameType.READY);
        assertThat(ready.header().id()).isEqualTo(7);
        Path socket = Path.of(ready.text());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");

        SocketChannel link = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        write(link, FrameType.HELLO, 0, 1, 0, new byte[0]);
        byte[] environ = environ();
        write(link, FrameType.REQUEST, FrameHeader.END, 42, environ.length, environ);
        Frame response = read(link);
        assertThat(response.header().type()).isEqualTo(FrameType.RESPONSE);
        assertThat(response.header().flags()).isEqualTo(FrameHeader.END);
        assertThat(response.header().id()).isEqualTo(42);
        assertThat(response.text()).isEqualTo("200 OK\nContent-Type: text/plain/café grüß dich");

        zygote.close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.read(ByteBuffer.allocate(1)))
                .as("the worker is gone, too")
                .isEqualTo(-1);
    }

    @Test
    void saysInOneLineWhichModuleIsMissingForWhichInterpreter() throws Exception {
        Files.writeString(directory.resolve("app.py"), "import no_such_framework\n");
        Settings settings =
                new Configured().with(PythonOptions.CHDIR, directory.toString()).settings();

        start(settings);
        SocketChannel zygote = master.accept();
        read(zygote);
        Frame failed = read(zygote);

        assertThat(failed.header().type()).isEqualTo(FrameType.BOOT_FAILED);
        assertThat(failed.header().aux()).isOne();
        assertThat(failed.text())
                .startsWith("file 'app.py': no module named 'no_such_framework' for the interpreter /")
                .doesNotContain("\n");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isOne();
        assertThat(log()).content(UTF_8).containsOnlyOnce("Traceback").contains("line 1, in <module>");
    }

    private void start(Settings settings) throws IOException {
        ZygoteCommand command = new PythonLanguage().zygote(settings, runtime).orElseThrow();
        ProcessBuilder builder = new ProcessBuilder(command.argv())
                .directory(command.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        builder.environment().putAll(command.environment());
        process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(command.boot().array(), 0, command.boot().remaining());
        }
    }

    private Path log() {
        return directory.resolve("output.log");
    }

    private static byte[] environ() {
        MarshalWriter writer = new MarshalWriter();
        writer.beginDict();
        writer.variable("REQUEST_METHOD", "GET");
        writer.variable("SCRIPT_NAME", "");
        writer.variable("PATH_INFO", "/caf\u00c3\u00a9");
        writer.endDict();
        return writer.toByteArray();
    }

    private record Frame(FrameHeader header, byte[] payload) {
        String text() {
            return new String(payload, UTF_8);
        }
    }

    private static Frame read(SocketChannel channel) throws Exception {
        FrameHeader header = FrameHeader.read(exactly(channel, FrameHeader.SIZE));
        return new Frame(header, exactly(channel, header.length()).array());
    }

    private static ByteBuffer exactly(SocketChannel channel, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            assertThat(channel.read(buffer))
                    .as("bytes before the end of the connection")
                    .isNotNegative();
        }
        return buffer.flip();
    }

    private static void write(SocketChannel channel, int type, int flags, int id, int aux, byte[] payload)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(FrameHeader.SIZE + payload.length);
        new FrameHeader(payload.length, type, flags, id, aux, 0).write(buffer);
        channel.write(buffer.put(payload).flip());
    }
}
