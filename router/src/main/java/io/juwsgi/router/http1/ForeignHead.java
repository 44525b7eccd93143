package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.BadRequestException;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Limits;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.spi.exchange.Fields;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes a request of a head that came as separate fields (RFC 9113 section 8.2 and 8.3), as strictly as {@link HeadParser}
 * reads one of text. Used for one head, by the event loop that owns it.
 */
public final class ForeignHead {
    private static final int LONGEST_METHOD = 32;

    private final Limits limits;
    private final Fields fields = new Fields();
    private int count;
    private @Nullable String host;
    private @Nullable String cookies;
    private long length = -1;
    private boolean expectsContinue;

    public ForeignHead(Limits limits) {
        this.limits = limits;
    }

    /** Takes one field; its chars are bytes. */
    public void field(String name, String value) throws BadRequestException {
        if (++count > limits.fieldCount()) {
            throw new BadRequestException(
                    431, "too-many-fields", "The request has more than " + limits.fieldCount() + " header fields.");
        }
        checkName(name);
        checkValue(value);
        switch (name) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" ->
                throw BadRequestException.bad(
                        "connection-field", "The request has a field that HTTP/2 does not know: " + name + ".");
            case "te" -> {
                if (!value.equals("trailers")) {
                    throw BadRequestException.bad("bad-te", "The only TE that HTTP/2 knows is trailers.");
                }
            }
            case "host" -> host(value);
            case "content-length" -> {
                length(value);
                fields.add(name, value);
            }
            case "expect" -> {
                expect(value);
                fields.add(name, value);
            }
            // Crumbs are one field again (RFC 9113 section 8.2.3).
            case "cookie" -> cookies = cookies == null ? value : cookies + "; " + value;
            // As HTTP_PROXY it would redirect the requests that an application makes itself (httpoxy).
            case "proxy" -> {}
            default -> {
                // With an underscore its CGI name would be that of the field with dashes.
                if (name.indexOf('_') < 0) {
                    fields.add(name, value);
                }
            }
        }
    }

    /** Adds what asks in HTTP/1.1 for another protocol, as handlers and servers behind us know it (RFC 8441 section 4). */
    public void upgrade(String protocol, String key) {
        fields.add("connection", "Upgrade");
        fields.add("upgrade", protocol);
        fields.add("sec-websocket-key", key);
    }

    private static void checkName(String name) throws BadRequestException {
        boolean valid = !name.isEmpty();
        for (int i = 0; i < name.length() && valid; i++) {
            char c = name.charAt(i);
            valid = c < 128 && HeadParser.isToken((byte) c) && !(c >= 'A' && c <= 'Z');
        }
        if (!valid) {
            throw BadRequestException.bad("bad-field-name", "A header field's name is not valid.");
        }
    }

    private static void checkValue(String value) throws BadRequestException {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                throw BadRequestException.bad("control-character", "A header field has a control character.");
            }
        }
        if (!value.isEmpty() && (isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1)))) {
            throw BadRequestException.bad("blank-around-value", "A header field's value begins or ends with a blank.");
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void host(String value) throws BadRequestException {
        if (host != null) {
            throw BadRequestException.bad("several-hosts", "The request has several Host fields.");
        }
        host = value;
    }

    private void length(String value) throws BadRequestException {
        if (length >= 0) {
            throw BadRequestException.bad("several-lengths", "The request has several Content-Length fields.");
        }
        boolean digits =
                !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw BadRequestException.bad("bad-length", "The Content-Length is not a number of up to 18 digits.");
        }
        length = Long.parseLong(value);
    }

    private void expect(String value) throws BadRequestException {
        if (!value.equalsIgnoreCase("100-continue")) {
            throw new BadRequestException(417, "bad-expectation", "The only expectation that is met is 100-continue.");
        }
        expectsContinue = true;
    }

    /** Returns the fields alone: those that came behind a body. */
    public Fields fields() {
        return fields;
    }

    /** Returns the Content-Length, -1 without one. */
    public long length() {
        return length;
    }

    /** Returns whether the client waits for 100 before it sends the body. */
    public boolean expectsContinue() {
        return expectsContinue;
    }

    /**
     * Makes the request.
     *
     * @param protocol the version as CGI writes it
     * @param authority the host that was asked for beside the fields, or null
     * @param bodyless whether no body follows
     */
    public ServerRequest request(
            String protocol,
            String method,
            String target,
            @Nullable String authority,
            boolean bodyless,
            Peer peer,
            Front front)
            throws BadRequestException {
        checkMethod(method);
        RequestTarget parsed = target(target, method);
        fields.add("Host", checkedHost(authority));
        if (cookies != null) {
            fields.add("cookie", cookies);
        }
        RequestHead head = new RequestHead(
                method, parsed, true, fields, fields.first("Host"), bodyless ? 0 : length, true, expectsContinue);
        return Http1Request.of(head, protocol, peer, front);
    }

    private static void checkMethod(String method) throws BadRequestException {
        if (method.equals("CONNECT")) {
            throw new BadRequestException(501, "connect", "This server is no proxy: CONNECT is not served.");
        }
        boolean valid = !method.isEmpty() && method.length() <= LONGEST_METHOD;
        for (int i = 0; i < method.length() && valid; i++) {
            char c = method.charAt(i);
            valid = c < 128 && HeadParser.isToken((byte) c);
        }
        if (!valid) {
            throw BadRequestException.bad("bad-method", "The request method is not valid.");
        }
    }

    private RequestTarget target(String target, String method) throws BadRequestException {
        if (target.length() > limits.targetBytes()) {
            throw new BadRequestException(
                    414, "target-too-long", "The request target is longer than " + limits.targetBytes() + " bytes.");
        }
        boolean valid = target.startsWith("/") || (target.equals("*") && method.equals("OPTIONS"));
        for (int i = 0; i < target.length() && valid; i++) {
            char c = target.charAt(i);
            valid = c > ' ' && c != 127 && c < 256;
        }
        if (!valid) {
            throw BadRequestException.bad("bad-target", "The request target is not valid.");
        }
        byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
        return RequestTarget.parse(bytes, 0, bytes.length, method);
    }

    private String checkedHost(@Nullable String authority) throws BadRequestException {
        String chosen = authority != null ? authority : host;
        if (chosen == null) {
            throw BadRequestException.bad("no-host", "The request names no host.");
        }
        if (!HostName.valid(chosen)) {
            throw BadRequestException.bad("bad-host", "The host is not valid.");
        }
        if (host != null && !host.equalsIgnoreCase(chosen)) {
            throw BadRequestException.bad("several-hosts", "The request names two hosts.");
        }
        return chosen;
    }
}
