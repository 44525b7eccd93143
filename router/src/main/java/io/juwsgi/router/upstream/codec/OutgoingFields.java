package io.juwsgi.router.upstream.codec;

import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request as an HTTP server of any version is to get them: those of the client without what concerns its
 * connection, then what the server is told of the client. Host, lengths and the connection's own fields are the codec's matter.
 */
public final class OutgoingFields {

    /** Takes fields. */
    @FunctionalInterface
    public interface Sink {
        void field(String name, String value);
    }

    private OutgoingFields() {}

    /** Returns the Host to send; empty when the client named none. */
    public static String host(Outgoing outgoing) {
        String host = outgoing.host().isEmpty() ? outgoing.request().host() : outgoing.host();
        return host == null ? "" : host;
    }

    /** Gives all fields to {@code sink}. */
    public static void give(Outgoing outgoing, Sink sink) {
        fields(outgoing, sink);
        forwarded(outgoing, sink);
        via(outgoing.request(), sink);
    }

    private static void fields(Outgoing outgoing, Sink sink) {
        Fields fields = outgoing.request().fields();
        String connection = HopByHop.connection(fields);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            boolean behind = name.length() == 7 && name.equalsIgnoreCase("trailer") && outgoing.length() >= 0;
            if (!behind && !HopByHop.is(name, connection) && !isOurs(name, outgoing.forwarded())) {
                sink.field(name, fields.value(i));
            }
        }
    }

    /** Fields that are written here in place of the client's. */
    private static boolean isOurs(String name, Forwarded forwarded) {
        return switch (name.length()) {
            case 3 -> name.equalsIgnoreCase("via");
            case 4 -> name.equalsIgnoreCase("host");
            // The front answers it.
            case 6 -> name.equalsIgnoreCase("expect");
            case 14 -> name.equalsIgnoreCase("content-length");
            case 9 -> forwarded == Forwarded.REPLACE && name.equalsIgnoreCase("forwarded");
            case 15 -> forwarded != Forwarded.KEEP && name.equalsIgnoreCase("x-forwarded-for");
            case 16 -> forwarded == Forwarded.REPLACE && name.equalsIgnoreCase("x-forwarded-host");
            case 17 -> forwarded == Forwarded.REPLACE && name.equalsIgnoreCase("x-forwarded-proto");
            default -> false;
        };
    }

    private static void forwarded(Outgoing outgoing, Sink sink) {
        Forwarded forwarded = outgoing.forwarded();
        if (forwarded == Forwarded.KEEP) {
            return;
        }
        Request request = outgoing.request();
        Fields fields = request.fields();
        boolean append = forwarded == Forwarded.APPEND;
        String address = request.remoteAddress().isEmpty() ? "unix:" : request.remoteAddress();
        String before = append ? joined(fields, "x-forwarded-for") : null;
        sink.field("X-Forwarded-For", before == null ? address : before + ", " + address);
        if (!append || !fields.contains("x-forwarded-proto")) {
            sink.field("X-Forwarded-Proto", request.scheme());
        }
        String host = request.host();
        if (host != null && (!append || !fields.contains("x-forwarded-host"))) {
            sink.field("X-Forwarded-Host", host);
        }
    }

    private static void via(Request request, Sink sink) {
        String before = joined(request.fields(), "via");
        String version =
                request.protocol().startsWith("HTTP/") ? request.protocol().substring(5) : "1.1";
        sink.field("Via", (before == null ? "" : before + ", ") + version + " juwsgi");
    }

    static @Nullable String joined(Fields fields, String name) {
        if (!fields.contains(name)) {
            return null;
        }
        return String.join(", ", fields.all(name));
    }
}
