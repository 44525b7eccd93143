package io.juwsgi.master;

import io.juwsgi.spi.LogSink;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** The Unix socket that zygotes and workers connect to; one virtual thread accepts, and one reads each connection. */
final class ControlSocket implements AutoCloseable {
    private static final long RETRY_NANOS = 100_000_000;

    private final ServerSocketChannel server;
    private final LogSink log;
    private final Consumer<MasterEvent> events;

    private ControlSocket(ServerSocketChannel server, LogSink log, Consumer<MasterEvent> events) {
        this.server = server;
        this.log = log;
        this.events = events;
    }

    /** Binds the socket and begins to accept. */
    static ControlSocket open(Path path, LogSink log, Consumer<MasterEvent> events) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            server.close();
            throw e;
        }
        ControlSocket socket = new ControlSocket(server, log, events);
        Thread.ofVirtual().name("juwsgi-control").start(socket::accept);
        return socket;
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                Thread.ofVirtual().name("juwsgi-control-connection").start(new ControlConnection(channel, log, events));
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                // Out of descriptors, most likely: the process whose connection is lost leaves and is replaced.
                log.line("control socket: cannot accept: " + e.getMessage());
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
