package io.juwsgi.router;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that writes and reads raw bytes; each read gives up after 20 seconds. */
final class Wire implements Closeable {
    private final Socket socket;

    private Wire(Socket socket) {
        this.socket = socket;
    }

    static Wire tcp(int port) {
        try {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(20_000);
            socket.setTcpNoDelay(true);
            return new Wire(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Wire send(String latin1) throws IOException {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Wire endOfData() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Socket socket() {
        return socket;
    }

    /** Reads until the server closes; a reset counts as an end. */
    String rest() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] block = new byte[64 * 1024];
        try {
            for (int n; (n = socket.getInputStream().read(block)) >= 0; ) {
                all.write(block, 0, n);
            }
        } catch (java.net.SocketException e) {
            all.writeBytes("<reset>".getBytes(StandardCharsets.US_ASCII));
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    String read(int count) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("after " + bytes.length + " of " + count + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads one response's head, with the empty line. */
    String head() throws IOException {
        StringBuilder text = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("after: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    /** Reads one response with Content-Length or chunks, as it stands on the wire. */
    String response() throws IOException {
        String head = head();
        String lower = head.toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        if (at >= 0) {
            return head + read(Integer.parseInt(lower.substring(at + 16, lower.indexOf('\r', at))));
        }
        if (!lower.contains("transfer-encoding: chunked")) {
            return head;
        }
        StringBuilder text = new StringBuilder(head);
        while (text.indexOf("0\r\n\r\n", Math.max(head.length(), text.length() - 5)) < 0) {
            text.append(read(1));
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
