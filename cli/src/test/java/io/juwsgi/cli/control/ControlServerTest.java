package io.juwsgi.cli.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.juwsgi.cli.metrics.Metrics;
import io.juwsgi.config.ConfigException;
import io.juwsgi.config.Settings;
import io.juwsgi.master.Loading;
import io.juwsgi.master.Master;
import io.juwsgi.master.RuntimeDirectory;
import io.juwsgi.router.Router;
import io.juwsgi.spi.Controllable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients of the control socket get, from a server without an application. */
class ControlServerTest {
    private static final class Cupboard implements Controllable {
        @Override
        public String controlName() {
            return "cupboard";
        }

        @Override
        public String controlUsage() {
            return "ITEM: what is in it";
        }

        @Override
        public Map<String, ?> control(List<String> arguments) throws Exception {
            if (arguments.isEmpty()) {
                throw new IllegalArgumentException("nothing (expected: an item)");
            }
            if (arguments.getFirst().equals("broken")) {
                throw new IOException("the door is stuck");
            }
            return Map.of("items", arguments);
        }
    }

    @TempDir
    Path directory;

    private Path socket;
    private Router router;
    private ControlServer server;

    @BeforeEach
    void start() {
        socket = directory.resolve("ctl.sock");
        Settings settings = new Settings(List.of());
        router = new Router(settings, line -> {});
        server = ControlServer.start(socket, false, commands(settings));
    }

    private ControlCommands commands(Settings settings) {
        RuntimeDirectory runtime = RuntimeDirectory.create(line -> {});
        Master master = new Master(
                settings,
                line -> {},
                runtime,
                anew -> new Loading(settings, Optional.empty(), () -> {}),
                () -> CompletableFuture.completedFuture(null));
        return new ControlCommands(new ControlledServer(
                "1.0",
                master,
                router.workerPool(master.workers()),
                List.of(),
                new Metrics(List::of),
                () -> List.of(new Cupboard())));
    }

    @AfterEach
    void stop() {
        server.close();
        router.close();
    }

    @Test
    void onlyTheOwnerMayOpenTheSocketAndItGoesAtTheEnd() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        server.close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void answersEachLineWithOne() throws Exception {
        assertThat(talk("{\"command\":\"status\"}\n{\"command\":\"requests\",\"arguments\":[]}\n"))
                .hasSize(2)
                .satisfiesExactly(
                        status -> assertThat(status)
                                .startsWith("{\"")
                                .contains("\"ok\":true", "\"version\":\"1.0\"", "\"ready_workers\":0"),
                        requests -> assertThat(requests).contains("\"requests\":[]"));
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(talk("{\"command\":\"dance\"}\n"))
                .singleElement()
                .asString()
                .contains("\"ok\":false", "no such command: dance (expected: status, workers")
                .contains("cupboard");
        assertThat(talk("reboot\n")).singleElement().asString().contains("\"ok\":false", "no JSON");
        assertThat(talk("{\"command\":\"trace\",\"arguments\":[\"x\"]}\n"))
                .singleElement()
                .asString()
                .contains("x (expected: the number of a worker)");
        assertThat(talk("{\"command\":\"trace\",\"arguments\":[\"7\"]}\n"))
                .singleElement()
                .asString()
                .contains("there is no worker 7");
        assertThat(talk("{\"command\":\"kill\",\"arguments\":[\"0123\"]}\n"))
                .singleElement()
                .asString()
                .contains("there is no request 0123");
        assertThat(talk("{\"command\":\"reload\",\"arguments\":[\"some\"]}\n"))
                .singleElement()
                .asString()
                .contains("some (expected: all, brutal, workers, workers-brutal, chain)");
    }

    @Test
    void aLineThatIsTooLongEndsTheConversation() throws Exception {
        String tooLong = "{\"command\":\"" + "x".repeat(ControlRequest.LONGEST) + "\"}\n";
        assertThat(talk(tooLong)).singleElement().asString().contains("longer than 16384 bytes");
    }

    @Test
    void pluginsAddCommands() throws Exception {
        assertThat(talk("{\"command\":\"cupboard\",\"arguments\":[\"cup\",\"plate\"]}\n"))
                .singleElement()
                .asString()
                .contains("{\"items\":[\"cup\",\"plate\"]}");
        assertThat(talk("{\"command\":\"cupboard\"}\n"))
                .singleElement()
                .asString()
                .contains("cupboard: nothing (expected: an item)");
        assertThat(talk("{\"command\":\"cupboard\",\"arguments\":[\"broken\"]}\n"))
                .singleElement()
                .asString()
                .contains("cupboard failed:", "the door is stuck");
    }

    @Test
    void theClientPrintsTextOrTheServersJson() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        String path = socket.toString();

        assertThat(ControlClient.run(List.of("--ctl-socket", path, "cupboard", "cup"), print))
                .isZero();
        assertThat(ControlClient.run(List.of("--ctl-socket", path, "--json", "cupboard", "cup"), print))
                .isZero();
        assertThat(ControlClient.run(List.of("--ctl-socket", path, "--json", "cupboard"), print))
                .isEqualTo(1);

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3)
                .startsWith("items: cup")
                .element(1)
                .asString()
                .contains("\"result\":{\"items\":[\"cup\"]}");
        assertThatThrownBy(() -> ControlClient.run(List.of("--ctl-socket", path, "cupboard"), print))
                .isInstanceOf(ConfigException.class)
                .hasMessage("ctl: cupboard: nothing (expected: an item)");
        assertThatThrownBy(() -> ControlClient.run(List.of("--ctl-socket", path + "x", "status"), print))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no server answers at " + path + "x");
    }

    @Test
    void replacesASocketThatNobodyAnswersOnAndNothingElse() throws Exception {
        assertThatThrownBy(() -> ControlServer.start(socket, false, commands(new Settings(List.of()))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("another server answers there");
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThatThrownBy(() -> ControlServer.start(file, false, commands(new Settings(List.of()))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a file that is no socket");

        ControlServer successor = ControlServer.start(socket, true, commands(new Settings(List.of())));
        server.close();
        assertThat(talk("{\"command\":\"status\"}\n")).hasSize(1);
        successor.close();
        assertThat(socket).doesNotExist();
    }

    private List<String> talk(String text) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                Scanner answers = new Scanner(Channels.newInputStream(client), StandardCharsets.UTF_8)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
            client.shutdownOutput();
            return answers.useDelimiter("\n").tokens().toList();
        }
    }
}
