package io.juwsgi.testkit.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.juwsgi.spi.balance.CheckTarget;
import io.juwsgi.spi.balance.HealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the router relies on in health checks, with real servers on loopback; a test of one extends this. */
public abstract class HealthCheckContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int AT_ONCE = 8;

    /** For subclasses. */
    protected HealthCheckContract() {}

    /** Makes the check, started. */
    protected abstract HealthCheck check() throws Exception;

    /** Plays a server that is well, for one connection, which is closed afterwards. */
    protected abstract void beWell(Socket connection) throws IOException;

    /** Plays a server that speaks and is not well, for one connection; by default it sends what nobody understands. */
    protected void beIll(Socket connection) throws IOException {
        connection.getOutputStream().write("?????????\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /** Returns whether the check looks at what the server says; false for one that connects and no more. */
    protected boolean reads() {
        return true;
    }

    /** What a server does with each connection. */
    @FunctionalInterface
    private interface Play {
        void serve(Socket connection) throws Exception;
    }

    private record Server(ServerSocket socket) implements AutoCloseable {
        static Server of(Play play) throws IOException {
            Server server = new Server(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread.ofVirtual().start(() -> server.accept(play));
            return server;
        }

        private void accept(Play play) {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    Thread.ofVirtual().start(() -> serve(connection, play));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private static void serve(Socket connection, Play play) {
            try (connection) {
                play.serve(connection);
            } catch (Exception e) {
                // The check has hung up; the next one comes on a connection of its own.
                Thread.currentThread().interrupt();
            }
        }

        CheckTarget target() {
            return HealthCheckContract.target((InetSocketAddress) socket.getLocalSocketAddress());
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static CheckTarget target(InetSocketAddress address) {
        return new CheckTarget("127.0.0.1:" + address.getPort(), address, "/", "localhost", PATIENCE);
    }

    /** Who is well gets requests. */
    @Test
    public void whoIsWellPasses() throws Exception {
        try (Server server = Server.of(this::beWell)) {
            HealthCheck check = check();
            check.check(server.target());
            check.check(server.target());
            check.close();
        }
    }

    /** The reason stands in the log. */
    @Test
    public void whoIsNotThereFailsWithAReason() throws Exception {
        try (Socket bound = new Socket()) {
            // Nobody listens there, and nobody else can get the port meanwhile.
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            fails(target((InetSocketAddress) bound.getLocalSocketAddress()));
        }
    }

    /** A server that listens is not yet one that works. */
    @Test
    public void whoAnswersWrongFailsWithAReason() throws Exception {
        if (reads()) {
            try (Server ill = Server.of(this::beIll);
                    Server shut = Server.of(Socket::close)) {
                fails(ill.target());
                fails(shut.target());
            }
        }
    }

    private void fails(CheckTarget target) throws Exception {
        HealthCheck check = check();
        Exception thrown = assertThrows(Exception.class, () -> check.check(target));
        String reason = String.valueOf(thrown.getMessage());
        assertTrue(reason.matches("\\S.*") && !reason.equals("null"), "a reason in one line: " + reason);
        check.close();
    }

    /** The router interrupts a check whose time is over. */
    @Test
    public void oneThatHangsCanBeInterrupted() throws Exception {
        if (!reads()) {
            return;
        }
        CountDownLatch connected = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (Server server = Server.of(connection -> {
            connected.countDown();
            over.await();
        })) {
            HealthCheck check = check();
            Thread asking =
                    Thread.ofVirtual().start(() -> assertThrows(Exception.class, () -> check.check(server.target())));
            assertTrue(connected.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "nobody connected");
            asking.interrupt();
            assertTrue(asking.join(PATIENCE), "the check goes on after an interrupt");
            check.close();
        } finally {
            over.countDown();
        }
    }

    /** One object asks all endpoints. */
    @Test
    public void manyAreAskedAtOnce() throws Exception {
        try (Server server = Server.of(this::beWell)) {
            HealthCheck check = check();
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                all.add(CompletableFuture.runAsync(() -> assertDoesNotThrow(() -> check.check(server.target()))));
            }
            for (CompletableFuture<Void> one : all) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertFalse(all.isEmpty());
            check.close();
        }
    }
}
