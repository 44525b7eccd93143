package io.juwsgi.router;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream server that says what a test wants: each connection runs the script on a thread of its own. */
final class FakeServer implements AutoCloseable {
    final AtomicInteger connections = new AtomicInteger();
    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** What happens on one connection; it is closed at the end. */
    interface Script {
        void serve(Peer peer) throws IOException, InterruptedException;
    }

    /** The other side of a connection. */
    static final class Peer implements Closeable {
        private final Socket socket;

        private Peer(Socket socket) {
            this.socket = socket;
        }

        /** Begins to speak HTTP/2. */
        Http2Wire http2() throws IOException {
            return Http2Wire.serve(socket);
        }

        /** Reads the head of an HTTP request with its empty line; null when the connection has ended. */
        String head() throws IOException {
            StringBuilder text = new StringBuilder();
            while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
                int b = socket.getInputStream().read();
                if (b < 0) {
                    return null;
                }
                text.append((char) b);
            }
            return text.toString();
        }

        byte[] read(int count) throws IOException {
            byte[] bytes = socket.getInputStream().readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        }

        String line() throws IOException {
            StringBuilder text = new StringBuilder();
            for (int b = in().read(); b >= 0 && b != '\n'; b = in().read()) {
                text.append((char) b);
            }
            return text.toString().strip();
        }

        InputStream in() throws IOException {
            return socket.getInputStream();
        }

        void send(String latin1) throws IOException {
            send(latin1.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Waits until the other side ends the connection. */
        void awaitEnd() throws IOException {
            while (in().read() >= 0) {
                // Whatever still comes.
            }
        }

        /** Ends the connection with a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    FakeServer(Script script) {
        this(0, script);
    }

    FakeServer(int port, Script script) {
        this.script = script;
        try {
            listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** One that answers every HTTP request without body with a text. */
    static FakeServer http(String text) {
        return new FakeServer(peer -> {
            while (peer.head() != null) {
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text);
            }
        });
    }

    /** Returns a port on which nothing listens. */
    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                if (listener.isClosed()) {
                    // It came while the server was closed.
                    socket.close();
                    return;
                }
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void serve(Socket socket) {
        try (Peer peer = new Peer(socket)) {
            script.serve(peer);
        } catch (IOException | InterruptedException e) {
            // The gateway has ended the connection, which some tests want.
        } finally {
            open.remove(socket);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** Cuts all connections and refuses new ones. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
