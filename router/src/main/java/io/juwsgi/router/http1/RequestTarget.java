package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request target taken apart (RFC 9112 section 3.2).
 *
 * @param raw the target as received
 * @param path the decoded path, dot segments resolved, each char one byte
 * @param query what follows the question mark, undecoded
 * @param authority host and port of an absolute-form target, otherwise null
 */
record RequestTarget(
        String raw, String path, String query, @Nullable String authority) {
    private static final RequestTarget ROOT = new RequestTarget("/", "/", "", null);

    /** Takes apart the bytes {@code from} to {@code to} of {@code in}, which hold no control characters. */
    static RequestTarget parse(byte[] in, int from, int to, String method) throws BadRequestException {
        if (to - from == 1 && in[from] == '/') {
            return ROOT;
        }
        if (method.equals("CONNECT")) {
            throw new BadRequestException(501, "connect", "This server is no proxy: CONNECT is not served.");
        }
        String raw = new String(in, from, to - from, StandardCharsets.ISO_8859_1);
        if (in[from] == '/') {
            return split(raw, in, from, from, to, null);
        }
        if (raw.equals("*") && method.equals("OPTIONS")) {
            return new RequestTarget(raw, "*", "", null);
        }
        return absolute(raw, in, from, to);
    }

    private static RequestTarget absolute(String raw, byte[] in, int from, int to) throws BadRequestException {
        int skip =
                raw.regionMatches(true, 0, "http://", 0, 7) ? 7 : raw.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        if (skip == 0) {
            throw bad();
        }
        int end = skip;
        while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
            end++;
        }
        String authority = raw.substring(skip, end);
        if (authority.isEmpty() || !HostName.valid(authority)) {
            throw bad();
        }
        return split(raw, in, from, from + end, to, authority);
    }

    private static RequestTarget split(
            String raw, byte[] in, int from, int pathStart, int to, @Nullable String authority)
            throws BadRequestException {
        boolean plain = true;
        int i = pathStart;
        for (; i < to && in[i] != '?'; i++) {
            byte b = in[i];
            if (b == '#') {
                throw bad();
            }
            plain &= b != '%' && !(b == '.' && in[i - 1] == '/');
        }
        for (int j = i; j < to; j++) {
            if (in[j] == '#') {
                throw bad();
            }
        }
        String query = i + 1 < to ? raw.substring(i + 1 - from) : "";
        if (plain) {
            String path = i == pathStart
                    ? "/"
                    : i == to && pathStart == from ? raw : raw.substring(pathStart - from, i - from);
            return new RequestTarget(raw, path, query, authority);
        }
        return new RequestTarget(raw, PathDecoder.decode(in, pathStart, i), query, authority);
    }

    private static BadRequestException bad() {
        return BadRequestException.bad("bad-target", "The request target is not valid.");
    }
}
