package io.juwsgi.router;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server's side of one connection of an upstream, one request after the other; whole answers or pieces of them. */
abstract class FakeConversation {
    final FakeServer.Peer peer;
    /** How many bytes of the request's body have not been read. */
    long missing;

    FakeConversation(FakeServer.Peer peer) {
        this.peer = peer;
    }

    /** Reads a request up to its body; false when the connection has ended. */
    abstract boolean request() throws IOException;

    /** Reads the request's body. */
    void body() throws IOException {
        peer.in().skipNBytes(missing);
        missing = 0;
    }

    /** Sends a head with status 200. */
    void head(String... namesAndValues) throws IOException {
        send(text(namesAndValues) + "\r\n");
    }

    /** Sends a part of the answer's body. */
    void data(String text) throws IOException {
        send(text);
    }

    /** Says by the protocol that the answer is over, where it has a word for that. */
    void end() throws IOException {}

    /** Sends the first half of a head. */
    void halfHead() throws IOException {
        String whole = text("X-Field", "value");
        send(whole.substring(0, whole.length() - 8));
    }

    /** Sends what is nothing of the protocol. */
    void garbage() throws IOException {
        peer.send("what is\0this?\r\n\r\n\r\n".repeat(4));
    }

    /** Ends the answer as a program does that fails: with the connection, unless there is another way. */
    void fail() throws IOException {
        peer.reset();
    }

    /** Ends the answer and the connection as if all were well. */
    final void over() throws IOException {
        end();
        peer.close();
    }

    abstract void send(String text) throws IOException;

    /** Returns a head without its empty line. */
    String text(String... namesAndValues) {
        StringBuilder text = new StringBuilder("HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(namesAndValues[i])
                    .append(": ")
                    .append(namesAndValues[i + 1])
                    .append("\r\n");
        }
        return text.toString();
    }

    final void answer(String text) throws IOException {
        head("Content-Length", Integer.toString(text.length()));
        data(text);
        end();
    }

    /** Answers every request, until the other side ends the connection. */
    final void answerAll(String text) throws IOException {
        while (request()) {
            body();
            answer(text);
        }
    }

    static final class Http extends FakeConversation {
        private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: ([0-9]+)\r\n");

        Http(FakeServer.Peer peer) {
            super(peer);
        }

        @Override
        boolean request() throws IOException {
            String head = peer.head();
            if (head != null) {
                Matcher length = LENGTH.matcher(head);
                missing = length.find() ? Long.parseLong(length.group(1)) : 0;
            }
            return head != null;
        }

        @Override
        void send(String text) throws IOException {
            peer.send(text);
        }
    }

    static final class Uwsgi extends FakeConversation {
        Uwsgi(FakeServer.Peer peer) {
            super(peer);
        }

        @Override
        boolean request() throws IOException {
            if (peer.in().read() < 0) {
                return false;
            }
            int size =
                    ByteBuffer.wrap(peer.read(3)).order(ByteOrder.LITTLE_ENDIAN).getShort() & 0xFFFF;
            String block = new String(peer.read(size), ISO_8859_1);
            Matcher length = Pattern.compile("CONTENT_LENGTH(.)(.)([0-9]*)", Pattern.DOTALL)
                    .matcher(block);
            missing = length.find() && length.group(1).charAt(0) > 0
                    ? Long.parseLong(
                            length.group(3).substring(0, length.group(1).charAt(0)))
                    : 0;
            return true;
        }

        @Override
        void send(String text) throws IOException {
            peer.send(text);
        }
    }

    static final class Scgi extends FakeConversation {
        Scgi(FakeServer.Peer peer) {
            super(peer);
        }

        @Override
        boolean request() throws IOException {
            int size = 0;
            int b = peer.in().read();
            for (; b >= '0' && b <= '9'; b = peer.in().read()) {
                size = size * 10 + b - '0';
            }
            if (b < 0) {
                return false;
            }
            String[] block = new String(peer.read(size + 1), ISO_8859_1).split("\0");
            missing = Long.parseLong(block[1]);
            return true;
        }

        @Override
        String text(String... namesAndValues) {
            return super.text(namesAndValues).replaceFirst("HTTP/1.1", "Status:");
        }

        @Override
        void send(String text) throws IOException {
            peer.send(text);
        }
    }

    static final class FastCgi extends FakeConversation {
        private static final int END_REQUEST = 3;
        private static final int PARAMS = 4;
        private static final int STDIN = 5;
        private static final int STDOUT = 6;

        FastCgi(FakeServer.Peer peer) {
            super(peer);
        }

        @Override
        boolean request() throws IOException {
            int version = peer.in().read();
            if (version >= 0) {
                peer.read(7 + 8);
                while (record(PARAMS) > 0) {
                    // Nobody asks for them.
                }
            }
            return version >= 0;
        }

        /** Reads a record of a type; returns the length of its content. */
        private int record(int type) throws IOException {
            ByteBuffer header = ByteBuffer.wrap(peer.read(8));
            if (header.get(1) != type) {
                throw new IOException("a record of type " + header.get(1));
            }
            int size = header.getShort(4) & 0xFFFF;
            peer.read(size + (header.get(6) & 0xFF));
            return size;
        }

        @Override
        void body() throws IOException {
            while (record(STDIN) > 0) {
                // Whatever it is.
            }
        }

        @Override
        String text(String... namesAndValues) {
            return super.text(namesAndValues).replaceFirst("HTTP/1.1", "Status:");
        }

        @Override
        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(ISO_8859_1);
            for (int at = 0; at < bytes.length; at += 0xFFFF) {
                record(STDOUT, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 0xFFFF)));
            }
        }

        @Override
        void end() throws IOException {
            record(END_REQUEST, new byte[8]);
        }

        private void record(int type, byte[] content) throws IOException {
            ByteBuffer out = ByteBuffer.allocate(8 + content.length);
            out.put((byte) 1).put((byte) type).putShort((short) 1).putShort((short) content.length);
            peer.send(out.putShort((short) 0).put(content).array());
        }
    }

    static final class Http2 extends FakeConversation {
        private static final int LARGEST_FRAME = 16_384;
        private Http2Wire wire;
        private int stream;
        private boolean bodyEnded;

        Http2(FakeServer.Peer peer) {
            super(peer);
        }

        @Override
        boolean request() throws IOException {
            wire = wire == null ? peer.http2() : wire;
            for (Http2Wire.Frame frame = wire.read(); frame != null; frame = wire.read()) {
                if (frame.type() == Http2Wire.HEADERS) {
                    stream = frame.stream();
                    bodyEnded = frame.has(Http2Wire.END_STREAM);
                    return true;
                }
            }
            return false;
        }

        @Override
        void body() throws IOException {
            while (!bodyEnded) {
                Http2Wire.Frame frame = wire.await(Http2Wire.DATA, stream);
                bodyEnded = frame.has(Http2Wire.END_STREAM);
                if (!bodyEnded && frame.payload().length > 0) {
                    byte[] size = Http2Wire.number(frame.payload().length);
                    wire.send(Http2Wire.WINDOW_UPDATE, 0, 0, size);
                    wire.send(Http2Wire.WINDOW_UPDATE, 0, stream, size);
                }
            }
        }

        @Override
        void head(String... namesAndValues) throws IOException {
            ByteArrayOutputStream block = new ByteArrayOutputStream();
            block.writeBytes(Http2Wire.block(":status", "200"));
            for (int i = 0; i < namesAndValues.length; i += 2) {
                block.writeBytes(Http2Wire.block(namesAndValues[i].toLowerCase(Locale.ROOT), namesAndValues[i + 1]));
            }
            byte[] bytes = block.toByteArray();
            for (int at = 0; at < bytes.length; at += LARGEST_FRAME) {
                int end = Math.min(bytes.length, at + LARGEST_FRAME);
                wire.send(
                        at == 0 ? Http2Wire.HEADERS : Http2Wire.CONTINUATION,
                        end == bytes.length ? Http2Wire.END_HEADERS : 0,
                        stream,
                        Arrays.copyOfRange(bytes, at, end));
            }
        }

        @Override
        void halfHead() throws IOException {
            byte[] frame = Http2Wire.frame(
                    Http2Wire.HEADERS,
                    Http2Wire.END_HEADERS,
                    stream,
                    Http2Wire.block(":status", "200", "x-field", "value"));
            wire.raw(Arrays.copyOf(frame, frame.length / 2));
        }

        @Override
        void end() throws IOException {
            wire.send(Http2Wire.DATA, Http2Wire.END_STREAM, stream);
            if (!bodyEnded) {
                // What is left of the request is of no interest (RFC 9113 section 8.1).
                wire.send(Http2Wire.RST_STREAM, 0, stream, Http2Wire.number(0));
            }
        }

        @Override
        void fail() throws IOException {
            wire.send(Http2Wire.RST_STREAM, 0, stream, Http2Wire.number(2));
        }

        @Override
        void send(String text) throws IOException {
            wire.send(Http2Wire.DATA, 0, stream, text.getBytes(ISO_8859_1));
        }
    }
}
