package io.juwsgi.router.exchange;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes response heads into an array that all connections of one event loop share. Owned by that event loop.
 *
 * <p>It leaves out fields that concern one connection only, since framing is the front's matter, and refuses control
 * characters, so that no handler can split a response.
 */
final class ResponseEncoder {
    /** How the body's end is marked. */
    enum Framing {
        /** There is no body, and nothing is said about one. */
        NONE,
        /** By Content-Length. */
        LENGTH,
        /** By chunks. */
        CHUNKED,
        /** By the connection's end. */
        CLOSE
    }

    private static final int USUAL_SIZE = 8 * 1024;
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] VERSION = ascii("HTTP/1.1 ");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] SERVER = ascii("Server: juwsgi\r\n");

    private byte[] out = new byte[USUAL_SIZE];
    private int length;
    private int fieldCount;
    private boolean sawDate;
    private boolean sawServer;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Begins a head with its status line and the handler's fields; returns false when they are not valid. */
    boolean begin(Response head) {
        if (out.length > USUAL_SIZE * 8) {
            out = new byte[USUAL_SIZE];
        }
        length = 0;
        fieldCount = 0;
        sawDate = false;
        sawServer = false;
        if (!statusLine(head.status(), head.reason())) {
            return false;
        }
        Fields fields = head.fields();
        int count = fields.size();
        for (int i = 0; i < count; i++) {
            if (!FieldRules.concernsConnection(fields.name(i)) && !field(fields.name(i), fields.value(i))) {
                return false;
            }
        }
        return true;
    }

    /** Adds what the front itself says about the body and the connection, and the empty line. */
    void finish(Framing framing, long contentLength) {
        if (framing == Framing.LENGTH) {
            raw(CONTENT_LENGTH);
            number(contentLength);
            raw((byte) '\r', (byte) '\n');
            fieldCount++;
        } else if (framing == Framing.CHUNKED) {
            raw(CHUNKED);
            fieldCount++;
        }
    }

    void connection(boolean keepAlive, boolean sayIt) {
        if (!keepAlive) {
            raw(CLOSE);
            fieldCount++;
        } else if (sayIt) {
            raw(KEEP_ALIVE);
            fieldCount++;
        }
    }

    void serverAndDate(byte[] dateLine) {
        if (!sawServer) {
            raw(SERVER);
            fieldCount++;
        }
        if (!sawDate) {
            raw(dateLine);
            fieldCount++;
        }
    }

    void emptyLine() {
        raw((byte) '\r', (byte) '\n');
    }

    byte[] bytes() {
        return out;
    }

    int length() {
        return length;
    }

    int fieldCount() {
        return fieldCount;
    }

    private boolean statusLine(int status, String reason) {
        if (status == 200 && reason.equals("OK")) {
            raw(OK);
            return true;
        }
        if (status < 100 || status > 999) {
            return false;
        }
        raw(VERSION);
        number(status);
        raw((byte) ' ', (byte) ' ');
        length--;
        return text(reason) && crlf();
    }

    private boolean field(String name, String value) {
        if (!FieldRules.isName(name)) {
            return false;
        }
        int size = name.length();
        if (size == 4 && name.equalsIgnoreCase("date")) {
            sawDate = true;
        } else if (size == 6 && name.equalsIgnoreCase("server")) {
            sawServer = true;
        }
        fieldCount++;
        if (!text(name)) {
            return false;
        }
        raw((byte) ':', (byte) ' ');
        return text(value) && crlf();
    }

    // The deprecated copy is the one that makes no array in between; chars above 255 are caught by the check before.
    @SuppressWarnings("deprecation")
    private boolean text(String text) {
        int size = text.length();
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                return false;
            }
        }
        room(size);
        text.getBytes(0, size, out, length);
        length += size;
        return true;
    }

    private boolean crlf() {
        raw((byte) '\r', (byte) '\n');
        return true;
    }

    private void number(long value) {
        room(20);
        int digits = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int i = length + digits - 1; i >= length; i--) {
            out[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void raw(byte first, byte second) {
        room(2);
        out[length++] = first;
        out[length++] = second;
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, out, length, bytes.length);
        length += bytes.length;
    }

    private void room(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(out.length * 2, length + more));
        }
    }
}
