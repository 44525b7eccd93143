package io.juwsgi.loadbalancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.juwsgi.testkit.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The distribution's dnsmasq as a name server on a port of its own, which knows the zone {@code test} and asks nobody. */
final class Dnsmasq implements AutoCloseable {
    private final Path directory;
    private final int port;
    private Process process;

    private Dnsmasq(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Starts one with these lines of configuration. */
    static Dnsmasq start(Path directory, String... lines) throws Exception {
        for (int others = 0; ; others++) {
            int port = freePort();
            Dnsmasq server = new Dnsmasq(directory, port, launch(directory, port, lines));
            if (server.listens()) {
                return server;
            }
            // Somebody else has the port for datagrams, or took it just now.
            assertThat(others).as(server.log()).isLessThan(10);
        }
    }

    /** Returns a port that was free a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Process launch(Path directory, int port, String... lines) {
        try {
            Path conf = Files.writeString(directory.resolve("dnsmasq.conf"), """
                port=%d
                listen-address=127.0.0.1
                bind-interfaces
                no-resolv
                no-hosts
                user=%s
                pid-file=
                %s
                """.formatted(
                            port, System.getProperty("user.name"), String.join("\n", lines)));
            return new ProcessBuilder("/usr/sbin/dnsmasq", "--keep-in-foreground", "--conf-file=" + conf)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("dnsmasq.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until it listens; returns whether it does, or has ended. */
    private boolean listens() {
        Waiting.until("dnsmasq to listen", () -> accepts() || !process.isAlive());
        return process.isAlive();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("dnsmasq.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Starts it again with other lines. */
    void restart(String... lines) throws InterruptedException {
        stop();
        Waiting.until("dnsmasq to get its port back", () -> {
            process = launch(directory, port, lines);
            return listens();
        });
    }

    /** Ends it; nobody answers at its port then. */
    void stop() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Returns where it listens, as {@code discover-dns-servers} has it. */
    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }
}
