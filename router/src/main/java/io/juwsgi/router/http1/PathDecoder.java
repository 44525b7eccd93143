package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import java.nio.charset.StandardCharsets;

/** Decodes percent signs in a path, then resolves its dot segments, in that order, so that no encoded ones remain. */
final class PathDecoder {
    private PathDecoder() {}

    /** Returns the decoded path of the bytes {@code from} to {@code to}, which begin with a slash. */
    static String decode(byte[] in, int from, int to) throws BadRequestException {
        byte[] out = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (b == '%') {
                if (i + 2 >= to || hex(in[i + 1]) < 0 || hex(in[i + 2]) < 0) {
                    throw BadRequestException.bad("bad-percent", "The request target has an incomplete percent code.");
                }
                b = (byte) (hex(in[i + 1]) << 4 | hex(in[i + 2]));
                if (b == 0) {
                    throw BadRequestException.bad("nul-in-path", "The request target has a NUL character.");
                }
                i += 2;
            }
            out[length++] = b;
        }
        return new String(out, 0, resolve(out, length), StandardCharsets.ISO_8859_1);
    }

    /** Removes {@code .} and {@code ..} segments in place (RFC 3986 section 5.2.4); empty segments stay. */
    private static int resolve(byte[] path, int length) {
        int out = 0;
        int i = 0;
        while (i < length) {
            int end = i + 1;
            while (end < length && path[end] != '/') {
                end++;
            }
            int size = end - i;
            boolean last = end == length;
            if (size == 2 && path[i + 1] == '.') {
                if (last) {
                    path[out++] = '/';
                }
            } else if (size == 3 && path[i + 1] == '.' && path[i + 2] == '.') {
                out = parent(path, out);
                if (last) {
                    path[out++] = '/';
                }
            } else {
                System.arraycopy(path, i, path, out, size);
                out += size;
            }
            i = end;
        }
        return out;
    }

    private static int parent(byte[] path, int length) {
        int end = length;
        while (end > 0 && path[--end] != '/') {
            // Drops the last segment with its slash.
        }
        return end;
    }

    private static int hex(byte b) {
        return Character.digit(b, 16);
    }
}
