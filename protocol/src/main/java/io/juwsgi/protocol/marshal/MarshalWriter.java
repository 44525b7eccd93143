package io.juwsgi.protocol.marshal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes values in CPython's marshal format, version 2 types only, into an array that is used again and again. One
 * thread at a time.
 *
 * <p>A dict is {@link #beginDict}, then for each entry {@link #key} and one value, then {@link #endDict}. The reader in
 * Python is {@code marshal.loads}, which builds everything in C.
 */
public final class MarshalWriter {
    /** The longest string with a length of one byte. */
    private static final int SHORT = 255;

    /** A buffer that grew beyond this for one large request is given up at the next {@link #reset}. */
    private static final int KEPT = 256 * 1024;

    private static final int INITIAL = 4096;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** Names that most requests have, each with its type code and length, ready to be copied. */
    private static final Map<String, byte[]> KEYS = new HashMap<>();

    static {
        for (String name : new String[] {
            "AUTH_TYPE",
            "CONTENT_LENGTH",
            "CONTENT_TYPE",
            "DOCUMENT_ROOT",
            "HTTPS",
            "PATH_INFO",
            "QUERY_STRING",
            "REMOTE_ADDR",
            "REMOTE_PORT",
            "REMOTE_USER",
            "REQUEST_METHOD",
            "REQUEST_SCHEME",
            "REQUEST_URI",
            "SCRIPT_NAME",
            "SERVER_NAME",
            "SERVER_PORT",
            "SERVER_PROTOCOL",
            "HTTP_ACCEPT",
            "HTTP_ACCEPT_ENCODING",
            "HTTP_ACCEPT_LANGUAGE",
            "HTTP_AUTHORIZATION",
            "HTTP_CACHE_CONTROL",
            "HTTP_CONNECTION",
            "HTTP_COOKIE",
            "HTTP_DNT",
            "HTTP_HOST",
            "HTTP_IF_MODIFIED_SINCE",
            "HTTP_IF_NONE_MATCH",
            "HTTP_ORIGIN",
            "HTTP_PRAGMA",
            "HTTP_PRIORITY",
            "HTTP_RANGE",
            "HTTP_REFERER",
            "HTTP_SEC_CH_UA",
            "HTTP_SEC_CH_UA_MOBILE",
            "HTTP_SEC_CH_UA_PLATFORM",
            "HTTP_SEC_FETCH_DEST",
            "HTTP_SEC_FETCH_MODE",
            "HTTP_SEC_FETCH_SITE",
            "HTTP_SEC_FETCH_USER",
            "HTTP_TE",
            "HTTP_UPGRADE_INSECURE_REQUESTS",
            "HTTP_USER_AGENT",
            "HTTP_X_FORWARDED_FOR",
            "HTTP_X_FORWARDED_HOST",
            "HTTP_X_FORWARDED_PROTO",
            "HTTP_X_REAL_IP",
            "HTTP_X_REQUESTED_WITH",
            "juwsgi.request_id",
            "wsgi.url_scheme"
        }) {
            MarshalWriter writer = new MarshalWriter();
            writer.key(name);
            KEYS.put(name, writer.toByteArray());
        }
    }

    private byte[] bytes = new byte[INITIAL];
    private int length;

    /** Forgets what was written. */
    public void reset() {
        length = 0;
        if (bytes.length > KEPT) {
            bytes = new byte[INITIAL];
        }
    }

    /** Returns the array that holds what was written, from index 0; valid until the next call of any other method. */
    public byte[] array() {
        return bytes;
    }

    /** Returns how many bytes were written. */
    public int length() {
        return length;
    }

    /** Returns a copy of what was written. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Begins a dict. */
    public void beginDict() {
        code('{');
    }

    /** Ends the dict that was begun last. */
    public void endDict() {
        code('0');
    }

    /** Begins a list; exactly {@code size} values follow. */
    public void beginList(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("list size: " + size + " (expected: >= 0)");
        }
        code('[', size);
    }

    /** Writes a key of a dict, which Python interns when it is short ASCII. */
    public void key(String key) {
        text(key, 'Z');
    }

    /** Writes a str; any Unicode text, also lone surrogates. */
    public void text(String value) {
        text(value, 'z');
    }

    /** Writes an int. */
    public void integer(int value) {
        code('i', value);
    }

    /** Writes a bool. */
    public void bool(boolean value) {
        code(value ? 'T' : 'F');
    }

    /** Writes None. */
    public void none() {
        code('N');
    }

    /**
     * Writes one key with its value: the way of every CGI variable of every request.
     *
     * <p>Measured by {@code MarshalBench}: the deprecated {@code getBytes} is one array copy for a Latin-1 string, and
     * the check for ASCII then reads eight bytes at a time. Common names are found in a map, which takes half as long.
     *
     * @param name ASCII, at most 255 chars to be interned
     * @param value each char one byte, U+0000 to U+00FF; a char above loses its high byte
     */
    public void variable(String name, String value) {
        byte[] known = KEYS.get(name);
        if (known == null) {
            latin1(name, 'Z');
        } else {
            ensure(known.length);
            System.arraycopy(known, 0, bytes, length, known.length);
            length += known.length;
        }
        latin1(value, 'z');
    }

    @SuppressWarnings("deprecation") // The only copy of a string's low bytes without an allocation.
    private void latin1(String value, char shortCode) {
        int chars = value.length();
        ensure(chars + 5L);
        int at = length;
        if (chars <= SHORT) {
            bytes[at++] = (byte) shortCode;
            bytes[at++] = (byte) chars;
        } else {
            bytes[at] = 'a';
            INTS.set(bytes, at + 1, chars);
            at += 5;
        }
        value.getBytes(0, chars, bytes, at);
        if (ascii(bytes, at, at + chars)) {
            length = at + chars;
        } else {
            utf8Bytes(value);
        }
    }

    private static boolean ascii(byte[] bytes, int from, int to) {
        int i = from;
        long seen = 0;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            seen |= (long) LONGS.get(bytes, i);
        }
        for (; i < to; i++) {
            seen |= bytes[i];
        }
        return (seen & HIGH_BITS) == 0;
    }

    /** Writes a str whose chars are bytes; the high byte of a char counts for nothing, as in {@link #latin1}. */
    private void utf8Bytes(String value) {
        int start = beginUtf8(value.length() * 2L);
        int at = start;
        for (int i = 0; i < value.length(); i++) {
            int c = value.charAt(i) & 0xFF;
            if (c < 0x80) {
                bytes[at++] = (byte) c;
            } else {
                bytes[at++] = (byte) (0xC0 | (c >> 6));
                bytes[at++] = (byte) (0x80 | (c & 0x3F));
            }
        }
        endUtf8(start, at);
    }

    private void text(String value, char shortCode) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) >= 0x80) {
                utf8(value);
                return;
            }
        }
        latin1(value, shortCode);
    }

    private void utf8(String value) {
        int start = beginUtf8(value.length() * 3L);
        int at = start;
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            at = codePoint(c, at);
            i += Character.charCount(c);
        }
        endUtf8(start, at);
    }

    private int codePoint(int c, int start) {
        int at = start;
        if (c < 0x80) {
            bytes[at++] = (byte) c;
        } else if (c < 0x800) {
            bytes[at++] = (byte) (0xC0 | (c >> 6));
            bytes[at++] = (byte) (0x80 | (c & 0x3F));
        } else if (c < 0x1_0000) {
            // Lone surrogates too: marshal reads with "surrogatepass", and Python's file names hold them.
            bytes[at++] = (byte) (0xE0 | (c >> 12));
            bytes[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            bytes[at++] = (byte) (0x80 | (c & 0x3F));
        } else {
            bytes[at++] = (byte) (0xF0 | (c >> 18));
            bytes[at++] = (byte) (0x80 | ((c >> 12) & 0x3F));
            bytes[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            bytes[at++] = (byte) (0x80 | (c & 0x3F));
        }
        return at;
    }

    private int beginUtf8(long most) {
        ensure(most + 5);
        bytes[length] = 'u';
        return length + 5;
    }

    private void endUtf8(int start, int end) {
        INTS.set(bytes, start - 4, end - start);
        length = end;
    }

    private void code(char code) {
        ensure(1);
        bytes[length++] = (byte) code;
    }

    private void code(char code, int number) {
        ensure(5);
        bytes[length] = (byte) code;
        INTS.set(bytes, length + 1, number);
        length += 5;
    }

    private void ensure(long more) {
        if (length + more > bytes.length) {
            long wanted = Math.max(length + more, bytes.length * 2L);
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.min(wanted, Math.max(length + more, 1L << 30))));
        }
    }
}
