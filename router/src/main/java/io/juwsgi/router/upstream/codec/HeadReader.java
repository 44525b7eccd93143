package io.juwsgi.router.upstream.codec;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the head of an answer: HTTP/1's status line and fields (RFC 9112 section 4), or CGI's fields with Status (RFC 3875
 * section 6). Lines may end with LF alone; a folded line, a control character, a name that is no token are refused. Owned
 * by its connection's event loop; used for one head after the other.
 */
final class HeadReader {
    /** The largest head, in bytes. */
    static final int LIMIT = 64 * 1024;

    /** The most fields. */
    static final int FIELDS = 256;

    private static final boolean[] TOKEN = new boolean[256];

    static {
        String others = "!#$%&'*+-.^_`|~";
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || others.indexOf(c) >= 0;
        }
    }

    private final boolean cgi;
    private byte[] bytes = new byte[1024];
    private int length;
    private int lineStart;
    private boolean http11;

    /**
     * Makes a reader.
     *
     * @param cgi whether the head is CGI's, without a status line
     */
    HeadReader(boolean cgi) {
        this.cgi = cgi;
    }

    /** Returns whether nothing of a head has come yet. */
    boolean isEmpty() {
        return length == 0;
    }

    /** Returns whether the head that was read last is of HTTP/1.1 or a later 1.x. */
    boolean http11() {
        return http11;
    }

    /** Takes bytes up to the empty line; true when that has come. */
    boolean take(ByteBuf in) throws BadAnswerException {
        while (in.isReadable()) {
            if (length == LIMIT) {
                throw BadAnswerException.malformed("its head is larger than " + LIMIT + " bytes");
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(LIMIT, length * 2));
            }
            byte b = in.readByte();
            bytes[length++] = b;
            if (b == '\n') {
                boolean empty = length - lineStart == 1 || (length - lineStart == 2 && bytes[lineStart] == '\r');
                lineStart = length;
                if (empty) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the head that {@link #take} has completed, all fields included, and is ready for the next. */
    Response parse() throws BadAnswerException {
        int end = length;
        length = 0;
        lineStart = 0;
        int at = 0;
        int status = 200;
        String reason = "OK";
        if (!cgi) {
            int lineEnd = lineEnd(0, end);
            status = statusLine(lineEnd);
            reason = 13 < lineEnd ? text(13, lineEnd) : "";
            at = next(lineEnd);
        }
        Fields fields = new Fields();
        for (int lineEnd = lineEnd(at, end); lineEnd > at; lineEnd = lineEnd(at, end)) {
            field(fields, at, lineEnd);
            at = next(lineEnd);
        }
        return cgi ? ofCgi(fields) : new Response(status, reason, fields);
    }

    private int lineEnd(int from, int end) {
        int at = from;
        while (at < end && bytes[at] != '\n') {
            at++;
        }
        return at > from && bytes[at - 1] == '\r' ? at - 1 : at;
    }

    private int next(int lineEnd) {
        return bytes[lineEnd] == '\r' ? lineEnd + 2 : lineEnd + 1;
    }

    private int statusLine(int end) throws BadAnswerException {
        boolean known = end >= 12
                && bytes[0] == 'H'
                && bytes[1] == 'T'
                && bytes[2] == 'T'
                && bytes[3] == 'P'
                && bytes[4] == '/'
                && bytes[5] == '1'
                && bytes[6] == '.'
                && isDigit(7)
                && bytes[8] == ' '
                && isDigit(9)
                && isDigit(10)
                && isDigit(11)
                && (end == 12 || bytes[12] == ' ');
        if (!known) {
            throw BadAnswerException.malformed("it does not begin with HTTP/1.x and a status");
        }
        http11 = bytes[7] != '0';
        checkText(12, end);
        return status(bytes[9], bytes[10], bytes[11]);
    }

    private boolean isDigit(int at) {
        return bytes[at] >= '0' && bytes[at] <= '9';
    }

    private static int status(int a, int b, int c) throws BadAnswerException {
        int status = (a - '0') * 100 + (b - '0') * 10 + (c - '0');
        if (status < 100 || status > 599) {
            throw BadAnswerException.malformed("its status is " + status);
        }
        return status;
    }

    private void field(Fields fields, int from, int to) throws BadAnswerException {
        int colon = from;
        while (colon < to && TOKEN[bytes[colon] & 0xFF]) {
            colon++;
        }
        if (colon == from || colon == to || bytes[colon] != ':') {
            throw BadAnswerException.malformed("a header line is not NAME: VALUE");
        }
        if (fields.size() == FIELDS) {
            throw BadAnswerException.malformed("it has more than " + FIELDS + " header fields");
        }
        checkText(colon, to);
        int first = colon + 1;
        int last = to;
        while (first < last && isBlank(bytes[first])) {
            first++;
        }
        while (last > first && isBlank(bytes[last - 1])) {
            last--;
        }
        fields.add(text(from, colon), text(first, last));
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private void checkText(int from, int to) throws BadAnswerException {
        for (int i = from; i < to; i++) {
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 127) {
                throw BadAnswerException.malformed("its head has a control character");
            }
        }
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static Response ofCgi(Fields fields) throws BadAnswerException {
        String line = fields.first("status");
        fields.remove("status");
        if (line == null) {
            boolean redirect = fields.contains("location");
            return redirect ? new Response(302, "Found", fields) : new Response(200, "OK", fields);
        }
        boolean known = line.length() >= 3
                && line.chars().limit(3).allMatch(c -> c >= '0' && c <= '9')
                && (line.length() == 3 || line.charAt(3) == ' ');
        if (!known) {
            throw BadAnswerException.malformed("its Status is no status");
        }
        int status = status(line.charAt(0), line.charAt(1), line.charAt(2));
        return new Response(status, line.length() > 4 ? line.substring(4) : "", fields);
    }
}
