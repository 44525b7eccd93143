package io.juwsgi.router.upstream.codec;

import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.juwsgi.spi.exchange.Request.VariableSink;
import org.jspecify.annotations.Nullable;

/**
 * A request as CGI variables for an upstream server (RFC 3875 section 4.1): those of the request, without fields that
 * concern the client's connection, with what the server is told of the client.
 */
final class Variables {
    private final Outgoing outgoing;
    private boolean lengthGiven;
    private boolean schemeGiven;

    Variables(Outgoing outgoing) {
        this.outgoing = outgoing;
    }

    void give(VariableSink sink) {
        Request request = outgoing.request();
        request.variables((name, value) -> pass(name, value, sink));
        if (!lengthGiven) {
            sink.variable("CONTENT_LENGTH", outgoing.length() == 0 ? "" : Long.toString(outgoing.length()));
        }
        if (!schemeGiven) {
            sink.variable("REQUEST_SCHEME", request.scheme());
        }
        if (request.scheme().equals("https")) {
            sink.variable("HTTPS", "on");
        }
        forwarded(request, sink);
    }

    private void pass(String name, String value, VariableSink sink) {
        switch (name) {
            case "CONTENT_LENGTH" -> {
                lengthGiven = true;
                sink.variable(name, outgoing.length() == 0 ? value : Long.toString(outgoing.length()));
            }
            case "REQUEST_SCHEME" -> {
                schemeGiven = true;
                sink.variable(name, value);
            }
            case "HTTP_UPGRADE" -> {
                if (!outgoing.upgrade().isEmpty()) {
                    sink.variable(name, outgoing.upgrade());
                    sink.variable("HTTP_CONNECTION", "Upgrade");
                }
            }
            case "HTTP_HOST" -> sink.variable(name, outgoing.host().isEmpty() ? value : outgoing.host());
            case "HTTPS",
                    "HTTP_CONNECTION",
                    "HTTP_KEEP_ALIVE",
                    "HTTP_PROXY_CONNECTION",
                    "HTTP_TRANSFER_ENCODING",
                    "HTTP_TE",
                    "HTTP_TRAILER",
                    "HTTP_EXPECT" -> {}
            default -> {
                if (!isOurs(name)) {
                    sink.variable(name, value);
                }
            }
        }
    }

    private boolean isOurs(String name) {
        if (!name.startsWith("HTTP_") || outgoing.forwarded() == Forwarded.KEEP) {
            return false;
        }
        return switch (name) {
            case "HTTP_X_FORWARDED_FOR" -> true;
            case "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED" ->
                outgoing.forwarded() == Forwarded.REPLACE;
            default -> false;
        };
    }

    private void forwarded(Request request, VariableSink sink) {
        Forwarded forwarded = outgoing.forwarded();
        if (forwarded == Forwarded.KEEP) {
            return;
        }
        Fields fields = request.fields();
        boolean append = forwarded == Forwarded.APPEND;
        String address = request.remoteAddress().isEmpty() ? "unix:" : request.remoteAddress();
        String before = append ? OutgoingFields.joined(fields, "x-forwarded-for") : null;
        sink.variable("HTTP_X_FORWARDED_FOR", before == null ? address : before + ", " + address);
        if (!append || !fields.contains("x-forwarded-proto")) {
            sink.variable("HTTP_X_FORWARDED_PROTO", request.scheme());
        }
        @Nullable String host = request.host();
        if (host != null && (!append || !fields.contains("x-forwarded-host"))) {
            sink.variable("HTTP_X_FORWARDED_HOST", host);
        }
    }
}
