package io.juwsgi.plugin.scgi;

import io.juwsgi.spi.exchange.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The head of an SCGI request: a netstring of names and values, each with a zero byte behind it.
 *
 * @param variables all but CONTENT_LENGTH and SCGI, in wire order; each char of a value is one byte
 * @param length the length of the body in bytes
 */
record ScgiHead(Fields variables, long length) {
    /** Digits of the largest lengths that are looked at. */
    private static final int HEAD_DIGITS = 9;

    private static final int BODY_DIGITS = 18;

    /**
     * Reads a head, and nothing behind it.
     *
     * @param limit the largest number of bytes between the netstring's colon and its comma
     * @throws ScgiException when it is not valid or too large
     */
    static ScgiHead read(InputStream in, int limit) throws IOException {
        int size = size(in);
        if (size > limit) {
            throw new ScgiException(
                    431, "The request's variables have " + size + " bytes; buffer-size allows " + limit + ".");
        }
        byte[] block = in.readNBytes(size);
        if (block.length < size) {
            throw new ScgiException(400, "The SCGI head is not complete.");
        }
        if (in.read() != ',') {
            throw new ScgiException(400, "The SCGI head does not end with a comma.");
        }
        return parse(block);
    }

    private static int size(InputStream in) throws IOException {
        int size = 0;
        for (int digits = 0; digits <= HEAD_DIGITS; digits++) {
            int c = in.read();
            if (c == ':' && digits > 0) {
                return size;
            }
            if (c < '0' || c > '9' || (digits == 1 && size == 0)) {
                break;
            }
            size = size * 10 + (c - '0');
        }
        throw new ScgiException(400, "The SCGI head does not begin with its length.");
    }

    private static ScgiHead parse(byte[] block) throws ScgiException {
        Fields variables = new Fields(32);
        long length = -1;
        boolean version = false;
        int at = 0;
        while (at < block.length) {
            int nameEnd = zero(block, at);
            int valueEnd = zero(block, nameEnd + 1);
            String name = new String(block, at, nameEnd - at, StandardCharsets.ISO_8859_1);
            String value = new String(block, nameEnd + 1, valueEnd - nameEnd - 1, StandardCharsets.ISO_8859_1);
            if (name.isEmpty() || (at == 0) != name.equals("CONTENT_LENGTH")) {
                throw new ScgiException(400, "The SCGI head does not have CONTENT_LENGTH once, at its beginning.");
            }
            if (at == 0) {
                length = number(value);
            } else if (name.equals("SCGI")) {
                version |= value.equals("1");
            } else {
                variables.add(name, value);
            }
            at = valueEnd + 1;
        }
        if (length < 0 || !version) {
            throw new ScgiException(400, "The SCGI head has no CONTENT_LENGTH, or no SCGI of 1.");
        }
        return new ScgiHead(variables, length);
    }

    private static int zero(byte[] block, int from) throws ScgiException {
        for (int i = from; i < block.length; i++) {
            if (block[i] == 0) {
                return i;
            }
        }
        throw new ScgiException(400, "The SCGI head ends within a name or a value.");
    }

    private static long number(String text) throws ScgiException {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                throw new ScgiException(400, "The CONTENT_LENGTH is not a number.");
            }
            number = number * 10 + (c - '0');
            if (i >= BODY_DIGITS) {
                throw new ScgiException(400, "The CONTENT_LENGTH has more than 18 digits.");
            }
        }
        if (text.isEmpty()) {
            throw new ScgiException(400, "The CONTENT_LENGTH is empty.");
        }
        return number;
    }
}
