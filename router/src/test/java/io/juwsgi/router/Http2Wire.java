package io.juwsgi.router;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that writes and reads HTTP/2 frames one by one; each read gives up after 20 seconds. */
final class Http2Wire implements Closeable {
    static final int CUT = -1;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false);

    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        int number(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }
    }

    /** A whole response. */
    record Answer(String status, Http2Headers headers, String body) {}

    private Http2Wire(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    private Http2Wire(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
    }

    /** Connects and sends the preface and empty settings. */
    static Http2Wire connect(int port) throws IOException {
        Http2Wire wire = bare(port);
        wire.raw(PREFACE.getBytes(StandardCharsets.US_ASCII));
        wire.send(SETTINGS, 0, 0);
        return wire;
    }

    /** Becomes the server of a client that begins with the preface, and sends empty settings. */
    static Http2Wire serve(Socket client) throws IOException {
        Http2Wire wire = new Http2Wire(client);
        wire.in.readNBytes(PREFACE.length());
        wire.send(SETTINGS, 0, 0);
        return wire;
    }

    /** Connects and sends nothing. */
    static Http2Wire bare(int port) throws IOException {
        return new Http2Wire(port);
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        ByteBuffer out = ByteBuffer.allocate(9 + payload.length);
        out.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        out.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        return out.array();
    }

    void send(int type, int flags, int stream, byte... payload) throws IOException {
        raw(frame(type, flags, stream, payload));
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Returns fields as literals that no table holds (RFC 7541 section 6.2.2). */
    static byte[] block(String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.write(0);
            literal(out, namesAndValues[i]);
            literal(out, namesAndValues[i + 1]);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(rest % 128 + 128);
                rest /= 128;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    /** Sends a GET with more fields. */
    void get(int stream, String path, String... more) throws IOException {
        send(HEADERS, END_HEADERS | END_STREAM, stream, request("GET", path, more));
    }

    /** Begins a POST. */
    void post(int stream, String path, String... more) throws IOException {
        send(HEADERS, END_HEADERS, stream, request("POST", path, more));
    }

    static byte[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "a.example"));
        fields.addAll(List.of(more));
        return block(fields.toArray(String[]::new));
    }

    /** Reads the next frame; null at the end. */
    Frame read() throws IOException {
        try {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = new byte[length];
            in.readFully(payload);
            if (type == SETTINGS && (flags & ACK) == 0) {
                send(SETTINGS, ACK, 0);
            }
            return new Frame(type, flags, stream, payload);
        } catch (EOFException | SocketException e) {
            return null;
        }
    }

    /** Reads on to the next head, of whichever stream. */
    Frame awaitHead() throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == HEADERS) {
                return frame;
            }
        }
        throw new EOFException("the other side closed the connection");
    }

    /** Reads on to the next frame of a type on a stream. */
    Frame await(int type, int stream) throws IOException {
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == type && frame.stream() == stream) {
                return frame;
            }
        }
        throw new EOFException("the server closed the connection");
    }

    /**
     * Reads to the end, and returns the error code of GOAWAY; {@link #CUT} when the end came first: a close with unread bytes
     * is a reset, which overtakes what was sent before it.
     */
    int goAway() throws IOException {
        int code = CUT;
        for (Frame frame = read(); frame != null; frame = read()) {
            if (frame.type() == GOAWAY) {
                code = frame.number(4);
            }
        }
        return code;
    }

    Http2Headers decode(Frame headers) {
        ByteBuf bytes = Unpooled.wrappedBuffer(headers.payload());
        try {
            return hpack.decodeHeaders(headers.stream(), bytes);
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Reads the next whole response, of whichever stream; {@code stream} 0 for any. */
    Answer answer(int stream) throws IOException {
        return answer(stream, "none");
    }

    /** Reads on to the end of a stream; {@code status} when its head was read before. */
    Answer answer(int stream, String status) throws IOException {
        Http2Headers headers = new DefaultHttp2Headers().status(status);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = read(); frame != null; frame = read()) {
            boolean mine = stream == frame.stream() && frame.stream() != 0;
            if (frame.type() == HEADERS) {
                Http2Headers decoded = decode(frame);
                if (mine) {
                    headers = decoded;
                }
            } else if (mine && frame.type() == DATA) {
                body.writeBytes(frame.payload());
            } else if (mine && frame.type() == RST_STREAM) {
                return new Answer("reset " + frame.number(0), headers, body.toString(StandardCharsets.ISO_8859_1));
            }
            if (mine && (frame.type() == DATA || frame.type() == HEADERS) && frame.has(END_STREAM)) {
                return new Answer(headers.status().toString(), headers, body.toString(StandardCharsets.ISO_8859_1));
            }
        }
        throw new EOFException("the server closed the connection");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
