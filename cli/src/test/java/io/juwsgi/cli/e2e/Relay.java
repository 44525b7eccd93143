package io.juwsgi.cli.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A line between a client and a server on this machine that may become slow. */
final class Relay implements AutoCloseable {
    private final ServerSocket listener;
    private final int target;
    private volatile Duration delay = Duration.ZERO;

    Relay(int target) throws IOException {
        this.target = target;
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Holds back each part of what passes from now on. */
    void delay(Duration time) {
        delay = time;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.startVirtualThread(() -> connect(client));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void connect(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
            Thread back = Thread.startVirtualThread(() -> pass(server, client));
            pass(client, server);
            back.join();
        } catch (IOException e) {
            // The server is down: so is the line to it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[16 * 1024];
            for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
                if (delay.isPositive()) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                out.write(bytes, 0, count);
            }
            to.close();
        } catch (IOException e) {
            try {
                to.close();
            } catch (IOException closed) {
                throw new IllegalStateException(closed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
