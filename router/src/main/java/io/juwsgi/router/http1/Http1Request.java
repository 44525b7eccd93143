package io.juwsgi.router.http1;

import io.juwsgi.router.exchange.ForwardedTrust;
import io.juwsgi.router.exchange.Front;
import io.juwsgi.router.exchange.Peer;
import io.juwsgi.router.exchange.ServerRequest;
import io.juwsgi.router.exchange.TlsSession;
import io.juwsgi.router.proxy.ProxyTrust;
import io.juwsgi.spi.exchange.Fields;
import org.jspecify.annotations.Nullable;

/** An HTTP request as handlers see it. Owned by its connection's event loop. */
final class Http1Request implements ServerRequest {
    private final RequestHead head;
    private final String protocol;
    private final Peer peer;
    private final Front front;
    private long bodyLength;

    private Http1Request(RequestHead head, String protocol, Peer peer, Front front) {
        this.head = head;
        this.protocol = protocol;
        this.peer = peer;
        this.front = front;
        this.bodyLength = head.length();
    }

    /**
     * Makes a request, with what a trusted proxy says about its client.
     *
     * @param protocol the version as CGI writes it
     */
    static Http1Request of(RequestHead parsed, String protocol, Peer peer, Front front) {
        Peer told = peer;
        RequestHead read = parsed;
        if (ProxyTrust.concerned(parsed.fields())) {
            ForwardedTrust trust = front.trust();
            String host = trust.host(told, parsed.fields());
            told = trust.peer(told, parsed.fields());
            read = host != null && HostName.valid(host) ? parsed.withHost(host) : parsed;
        }
        return new Http1Request(read, protocol, told, front);
    }

    @Override
    public void bodyLength(long bytes) {
        bodyLength = bytes;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String target() {
        return head.target().raw();
    }

    @Override
    public String path() {
        return head.target().path();
    }

    @Override
    public String query() {
        return head.target().query();
    }

    @Override
    public String protocol() {
        return protocol;
    }

    @Override
    public String scheme() {
        return peer.scheme();
    }

    @Override
    public @Nullable String host() {
        return head.host();
    }

    @Override
    public Fields fields() {
        return head.fields();
    }

    @Override
    public String remoteAddress() {
        return peer.remoteAddress();
    }

    @Override
    public String remotePort() {
        return peer.remotePort();
    }

    @Override
    public String listener() {
        return front.listener();
    }

    @Override
    public int modifier1() {
        return front.modifiers().first();
    }

    @Override
    public int modifier2() {
        return front.modifiers().second();
    }

    @Override
    public String variable(String name) {
        // In every default log line, and never in an HTTP request.
        return name.equals("REMOTE_USER") ? "" : ServerRequest.super.variable(name);
    }

    @Override
    public void variables(VariableSink sink) {
        sink.variable("REQUEST_METHOD", method());
        sink.variable("PATH_INFO", path());
        sink.variable("REQUEST_URI", target());
        sink.variable("QUERY_STRING", query());
        sink.variable("SERVER_PROTOCOL", protocol());
        sink.variable("SCRIPT_NAME", "");
        sink.variable("SERVER_NAME", front.serverName());
        TlsSession tls = peer.tls();
        String usualPort = tls == null ? "80" : "443";
        sink.variable("SERVER_PORT", peer.serverPort().isEmpty() ? usualPort : peer.serverPort());
        if (tls != null) {
            tls.variables(sink::variable);
        } else if (scheme().equals("https")) {
            sink.variable("HTTPS", "on");
        }
        sink.variable("REMOTE_ADDR", peer.remoteAddress());
        if (!peer.remotePort().isEmpty()) {
            sink.variable("REMOTE_PORT", peer.remotePort());
        }
        fieldVariables(sink);
    }

    private void fieldVariables(VariableSink sink) {
        Fields fields = head.fields();
        int count = fields.size();
        boolean lengthDue = head.length() < 0 && bodyLength >= 0;
        for (int i = 0; i < count; i++) {
            String name = fields.name(i);
            if (lengthDue && isTransferEncoding(name)) {
                lengthDue = false;
                // The chunks are gone, and frameworks that see this field look for no length.
                sink.variable("CONTENT_LENGTH", Long.toString(bodyLength));
            } else if (isFirst(fields, i)) {
                sink.variable(FieldNames.cgi(name), joined(fields, i));
            }
        }
        if (lengthDue) {
            // HTTP/2 has no chunks, and no field that would stand for them.
            sink.variable("CONTENT_LENGTH", Long.toString(bodyLength));
        }
    }

    private static boolean isTransferEncoding(String name) {
        return name.length() == 17 && name.equalsIgnoreCase("transfer-encoding");
    }

    private static boolean isFirst(Fields fields, int index) {
        String name = fields.name(index);
        for (int i = 0; i < index; i++) {
            if (same(fields.name(i), name)) {
                return false;
            }
        }
        return true;
    }

    private static String joined(Fields fields, int index) {
        String name = fields.name(index);
        String value = fields.value(index);
        for (int i = index + 1; i < fields.size(); i++) {
            if (same(fields.name(i), name)) {
                // RFC 9113 section 8.2.3 for cookies, RFC 9110 section 5.3 for the rest.
                value += (name.equalsIgnoreCase("cookie") ? "; " : ", ") + fields.value(i);
            }
        }
        return value;
    }

    // Lengths first: names of equal length are rare, so that the pairs cost next to nothing.
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(String left, String right) {
        return left == right || (left.length() == right.length() && left.equalsIgnoreCase(right));
    }
}
