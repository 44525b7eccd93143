package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.spi.exchange.Fields;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of a complete head (RFC 9112 sections 3 to 6), strictly: whatever two servers could read differently is
 * refused. Used for one head at a time, by the event loop that owns it.
 */
final class HeadParser {
    private static final boolean[] TOKEN = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            TOKEN[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            TOKEN[c] = true;
            TOKEN[c - 'a' + 'A'] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[c] = true;
        }
    }

    private final byte[] in;
    private final int end;
    private final int targetLimit;
    private final int fieldLimit;
    private int at;
    private int dropped;
    private Fields fields = new Fields();
    private boolean http11;
    private @Nullable String host;
    private @Nullable String transferEncoding;
    private @Nullable String expect;
    private long contentLength = -1;
    private boolean close;
    private boolean keepAlive;

    /**
     * Makes a parser.
     *
     * @param in begins with a head that {@link HeadScanner} has found
     * @param length the head's length, with its empty line
     */
    HeadParser(byte[] in, int length, int targetLimit, int fieldLimit) {
        this.in = in;
        this.end = length - 2;
        this.targetLimit = targetLimit;
        this.fieldLimit = fieldLimit;
    }

    /** Parses the head. */
    RequestHead parse() throws BadRequestException {
        String method = method();
        RequestTarget target = target(method);
        version();
        while (at < end) {
            field();
        }
        checkHost(target);
        boolean chunked = chunked();
        if (chunked && contentLength >= 0) {
            throw BadRequestException.bad(
                    "length-and-coding", "The request has both Content-Length and Transfer-Encoding.");
        }
        return new RequestHead(
                method,
                target,
                http11,
                fields,
                host,
                chunked ? -1 : Math.max(contentLength, 0),
                http11 ? !close : keepAlive && !close,
                expectsContinue());
    }

    private String method() throws BadRequestException {
        int from = at;
        while (at < end && isToken(in[at])) {
            at++;
        }
        if (at == from || at - from > 32 || in[at] != ' ') {
            throw BadRequestException.bad("bad-method", "The request method is not valid.");
        }
        int size = at - from;
        at++;
        return Methods.intern(in, from, size);
    }

    private RequestTarget target(String method) throws BadRequestException {
        int from = at;
        while (in[at] != ' ' && in[at] != '\r') {
            if (in[at] == '\t' || in[at] == 127) {
                throw BadRequestException.bad("bad-target", "The request target is not valid.");
            }
            at++;
        }
        if (at - from > targetLimit) {
            throw new BadRequestException(
                    414, "target-too-long", "The request target is longer than " + targetLimit + " bytes.");
        }
        if (at == from || in[at] == '\r') {
            throw BadRequestException.bad("bad-request-line", "The request line is not METHOD TARGET HTTP/1.1.");
        }
        return RequestTarget.parse(in, from, at++, method);
    }

    private void version() throws BadRequestException {
        // "HTTP/1.x" and CR LF.
        boolean known = at + 10 <= end
                && in[at] == 'H'
                && in[at + 1] == 'T'
                && in[at + 2] == 'T'
                && in[at + 3] == 'P'
                && in[at + 4] == '/'
                && in[at + 5] == '1'
                && in[at + 6] == '.'
                && (in[at + 7] == '1' || in[at + 7] == '0')
                && in[at + 8] == '\r';
        if (!known) {
            throw BadRequestException.bad("bad-version", "The protocol version is neither HTTP/1.1 nor HTTP/1.0.");
        }
        http11 = in[at + 7] == '1';
        at += 10;
    }

    private void field() throws BadRequestException {
        int from = at;
        boolean underscore = false;
        while (isToken(in[at])) {
            underscore |= in[at] == '_';
            at++;
        }
        if (in[at] != ':' || at == from) {
            throw badField(from);
        }
        int nameEnd = at++;
        int valueStart = skipBlanks(at);
        int lineEnd = valueStart;
        while (in[lineEnd] != '\r') {
            if (in[lineEnd] == 127) {
                throw BadRequestException.bad("control-character", "A header field has a control character.");
            }
            lineEnd++;
        }
        at = lineEnd + 2;
        int valueEnd = lineEnd;
        while (valueEnd > valueStart && isBlank(in[valueEnd - 1])) {
            valueEnd--;
        }
        if (fields.size() + dropped >= fieldLimit) {
            throw new BadRequestException(
                    431, "too-many-fields", "The request has more than " + fieldLimit + " header fields.");
        }
        if (underscore) {
            // Its CGI name would be that of the field with dashes.
            dropped++;
            return;
        }
        String name = FieldNames.intern(in, from, nameEnd);
        String value = new String(in, valueStart, valueEnd - valueStart, StandardCharsets.ISO_8859_1);
        if (meant(name, value)) {
            fields.add(name, value);
        } else {
            dropped++;
        }
    }

    private BadRequestException badField(int from) {
        if (in[from] == ' ' || in[from] == '\t') {
            return BadRequestException.bad("obsolete-folding", "A header line begins with a blank.");
        }
        if (at > from && isBlank(in[at])) {
            return BadRequestException.bad("blank-in-name", "A header field's name has a blank in or after it.");
        }
        return BadRequestException.bad("bad-field-name", "A header field's name is not valid.");
    }

    /** Acts on fields that concern the connection; returns false for one that handlers must not see. */
    private boolean meant(String name, String value) throws BadRequestException {
        switch (name.length()) {
            case 4 -> {
                if (name.equalsIgnoreCase("host")) {
                    host(value);
                }
            }
            case 5 -> {
                // As HTTP_PROXY it would redirect the requests that an application makes itself (httpoxy).
                return !name.equalsIgnoreCase("proxy");
            }
            case 6 -> {
                if (name.equalsIgnoreCase("expect")) {
                    expect = expect == null ? value : expect + "," + value;
                }
            }
            case 10 -> {
                if (name.equalsIgnoreCase("connection")) {
                    close |= listHas(value, "close");
                    keepAlive |= listHas(value, "keep-alive");
                }
            }
            case 14 -> {
                if (name.equalsIgnoreCase("content-length")) {
                    length(value);
                }
            }
            case 17 -> {
                if (name.equalsIgnoreCase("transfer-encoding")) {
                    if (transferEncoding != null) {
                        throw badCoding();
                    }
                    transferEncoding = value;
                }
            }
            default -> {
                return true;
            }
        }
        return true;
    }

    private void host(String value) throws BadRequestException {
        if (host != null) {
            throw BadRequestException.bad("several-hosts", "The request has several Host fields.");
        }
        if (!HostName.valid(value)) {
            throw BadRequestException.bad("bad-host", "The Host field is not valid.");
        }
        host = value;
    }

    private void checkHost(RequestTarget target) throws BadRequestException {
        if (host == null && http11) {
            throw BadRequestException.bad("no-host", "The request has no Host field.");
        }
        String authority = target.authority();
        if (authority != null) {
            host = authority;
            fields.set("Host", authority);
        }
    }

    private void length(String value) throws BadRequestException {
        if (contentLength >= 0) {
            throw BadRequestException.bad("several-lengths", "The request has several Content-Length fields.");
        }
        long number = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9' || i > 17) {
                throw badLength();
            }
            number = number * 10 + (c - '0');
        }
        if (value.isEmpty()) {
            throw badLength();
        }
        contentLength = number;
    }

    private static BadRequestException badLength() {
        return BadRequestException.bad("bad-length", "The Content-Length is not a number of up to 18 digits.");
    }

    private boolean chunked() throws BadRequestException {
        if (transferEncoding == null) {
            return false;
        }
        if (!http11) {
            throw BadRequestException.bad("coding-in-1.0", "HTTP/1.0 has no Transfer-Encoding.");
        }
        if (!transferEncoding.equalsIgnoreCase("chunked")) {
            throw badCoding();
        }
        return true;
    }

    private static BadRequestException badCoding() {
        return BadRequestException.bad("bad-coding", "The only Transfer-Encoding that is served is chunked, once.");
    }

    private boolean expectsContinue() throws BadRequestException {
        if (expect == null || !http11) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new BadRequestException(417, "bad-expectation", "The only expectation that is met is 100-continue.");
        }
        return true;
    }

    /** Returns whether a comma-separated list has this element, in any case. */
    private static boolean listHas(String list, String element) {
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            if (list.substring(from, to).strip().equalsIgnoreCase(element)) {
                return true;
            }
            from = to + 1;
        }
        return false;
    }

    private int skipBlanks(int from) {
        int i = from;
        while (isBlank(in[i])) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Returns whether a byte may stand in a method or field name (RFC 9110 section 5.6.2). */
    static boolean isToken(byte b) {
        return b >= 0 && TOKEN[b];
    }
}
