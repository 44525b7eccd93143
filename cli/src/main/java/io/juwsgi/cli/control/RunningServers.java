package io.juwsgi.cli.control;

import io.juwsgi.config.ConfigException;
import io.juwsgi.master.RuntimeDirectory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The servers whose control sockets this user can reach. */
final class RunningServers {
    private RunningServers() {}

    /**
     * Returns the control socket of the server that is meant.
     *
     * @param pid its process id; null when it is the only one
     * @throws ConfigException when there is none, or more than one
     */
    static Path find(@Nullable String pid) {
        List<Path> answering = RuntimeDirectory.all().stream()
                .filter(directory ->
                        pid == null || directory.getFileName().toString().startsWith("juwsgi-" + pid + "-"))
                .map(directory -> directory.resolve(RuntimeDirectory.CTL_SOCKET))
                .filter(RunningServers::answers)
                .toList();
        if (answering.size() == 1) {
            return answering.getFirst();
        }
        if (answering.isEmpty()) {
            throw new ConfigException("ctl: no server "
                    + (pid == null ? "of this user runs" : "with the process id " + pid + " answers")
                    + " (expected: one; --ctl-socket PATH names its socket)");
        }
        throw new ConfigException("ctl: " + answering.size() + " servers run (expected: --pid PID with one of "
                + String.join(
                        ", ", answering.stream().map(RunningServers::pidOf).toList()) + ")");
    }

    private static String pidOf(Path socket) {
        return socket.getName(socket.getNameCount() - 2).toString().split("-", 3)[1];
    }

    private static boolean answers(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
