package io.juwsgi.router.worker;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of an application's response from its text on the worker link. Owned by the pool's event loop, which
 * lends it its memory.
 */
final class ResponseHead {
    /** Fields that concern one connection only (RFC 9110 section 7.6.1), which the gateway sets itself. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    // Characters of a token (RFC 9110 section 5.6.2).
    private static final boolean[] TOKEN = new boolean[256];

    static {
        String others = "!#$%&'*+-.^_`|~";
        for (int c = 0; c < 128; c++) {
            TOKEN[c] = Character.isLetterOrDigit(c) || others.indexOf(c) >= 0;
        }
    }

    private byte[] bytes = new byte[1024];

    /** Returns the head that {@code length} bytes from the reader index on describe, or null when they are malformed. */
    @Nullable
    Response parse(ByteBuf in, int length) {
        Response head = any(in, length);
        return head == null || head.status() < 200 ? null : head;
    }

    /** The same for the head of an interim response. */
    @Nullable
    Response interim(ByteBuf in, int length) {
        Response head = any(in, length);
        return head == null || head.status() < 102 || head.status() > 199 ? null : head;
    }

    private @Nullable Response any(ByteBuf in, int length) {
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, bytes.length * 2)];
        }
        in.getBytes(in.readerIndex(), bytes, 0, length);
        int lineEnd = lineEnd(0, length);
        int status = status(lineEnd);
        if (status < 0) {
            return null;
        }
        String reason = lineEnd <= 4 ? "" : text(4, lineEnd);
        Fields fields = new Fields();
        for (int at = lineEnd + 1; at < length; at = lineEnd + 1) {
            lineEnd = lineEnd(at, length);
            if (!field(fields, at, lineEnd)) {
                return null;
            }
        }
        return new Response(status, reason, fields);
    }

    private int lineEnd(int from, int length) {
        int at = from;
        while (at < length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    private int status(int lineEnd) {
        if (lineEnd < 3 || (lineEnd > 3 && bytes[3] != ' ') || !clean(3, lineEnd)) {
            return -1;
        }
        int status = 0;
        for (int i = 0; i < 3; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            status = status * 10 + digit;
        }
        return status;
    }

    private boolean field(Fields fields, int from, int to) {
        int colon = from;
        while (colon < to && TOKEN[bytes[colon] & 0xFF]) {
            colon++;
        }
        if (colon == from || colon >= to || bytes[colon] != ':' || !clean(colon, to)) {
            return false;
        }
        int first = colon + 1;
        while (first < to && (bytes[first] == ' ' || bytes[first] == '\t')) {
            first++;
        }
        String name = text(from, colon);
        if (!hopByHop(name)) {
            fields.add(name, text(first, to));
        }
        return true;
    }

    private boolean clean(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\r' || bytes[i] == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean hopByHop(String name) {
        return switch (name.length()) {
            // The lengths of those names: few fields are looked up at all.
            case 2, 7, 10, 16, 17 -> HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT));
            default -> false;
        };
    }

    private String text(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
