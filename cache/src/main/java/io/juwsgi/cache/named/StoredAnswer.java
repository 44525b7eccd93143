package io.juwsgi.cache.named;

import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Response;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole HTTP response as somebody has put it into a cache: status line, fields, an empty line, the body. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StoredAnswer(Response response, byte[] body) {
    private static final int LONGEST_HEAD = 64 * 1024;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-9][0-9]{2})(?: ([^\\r\\n\\x00]{0,200}))?");
    private static final Pattern FIELD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([^\\r\\n\\x00]*?)[ \\t]*");

    /** Fields that say how the bytes were framed where they came from. */
    private static final Pattern FRAMING =
            Pattern.compile("(?i)connection|keep-alive|transfer-encoding|upgrade|te|trailer|content-length");

    /** Reads a response; null when the bytes are none. */
    static @Nullable StoredAnswer parse(byte[] value) {
        String head = new String(value, 0, Math.min(value.length, LONGEST_HEAD), StandardCharsets.ISO_8859_1);
        int crlf = head.indexOf("\r\n\r\n");
        int lf = head.indexOf("\n\n");
        boolean first = crlf >= 0 && (lf < 0 || crlf < lf);
        int end = first ? crlf : lf;
        if (end < 0) {
            return null;
        }
        String[] lines = head.substring(0, end).split("\r?\n", -1);
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) {
            return null;
        }
        Fields fields = new Fields(lines.length);
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                return null;
            }
            if (!FRAMING.matcher(field.group(1)).matches()) {
                fields.add(field.group(1), field.group(2));
            }
        }
        String reason = status.group(2) == null ? "" : status.group(2);
        byte[] body = Arrays.copyOfRange(value, end + (first ? 4 : 2), value.length);
        return new StoredAnswer(new Response(Integer.parseInt(status.group(1)), reason, fields), body);
    }
}
