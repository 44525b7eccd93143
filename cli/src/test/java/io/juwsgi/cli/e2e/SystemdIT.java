package io.juwsgi.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A unit of Type=notify hears when the service is ready and when it stops. */
class SystemdIT {

    @Test
    void tellsReadyAndStopping(@TempDir Path directory) throws Exception {
        Apps.write(directory, Apps.PATHS);
        Path notify = directory.resolve("notify.sock");
        try (UnixDatagramChannel systemd = UnixDatagramChannel.open()) {
            systemd.bind(new UnixSocketAddress(notify.toFile()));
            try (RunningServer server = RunningServer.start(
                    directory,
                    Map.of("NOTIFY_SOCKET", notify.toString()),
                    "--http",
                    "127.0.0.1:0",
                    "--module",
                    "app:app")) {
                assertThat(receive(systemd)).contains("READY=1");
                assertThat(server.get("/").statusCode()).isEqualTo(200);
                server.signal("TERM");
                assertThat(receive(systemd)).contains("STOPPING=1");
                assertThat(server.exitCode()).isZero();
            }
        }
    }

    private static String receive(UnixDatagramChannel systemd) throws Exception {
        ByteBuffer datagram = ByteBuffer.allocate(4096);
        systemd.receive(datagram);
        return new String(datagram.array(), 0, datagram.position(), StandardCharsets.UTF_8);
    }
}
