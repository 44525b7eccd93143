package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.router.upstream.codec.Outgoing.Forwarded;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/** HTTP/1.1 to an upstream server (RFC 9112). */
public final class HttpCodec implements Codec {
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(5).writeBytes("0\r\n\r\n".getBytes(ISO_8859_1)));
    private static final ByteBuf LINE_END =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(2).writeBytes("\r\n".getBytes(ISO_8859_1)));

    private final AnswerReader reader = new AnswerReader(false);
    private boolean chunked;
    private boolean bodySent;

    @Override
    public void begin(Outgoing outgoing, ByteBuf out) {
        Request request = outgoing.request();
        chunked = outgoing.length() < 0;
        bodySent = outgoing.length() == 0;
        reader.begin(request.method().equals("HEAD"));
        text(out, request.method());
        out.writeByte(' ');
        text(out, OriginTarget.of(request));
        text(out, " HTTP/1.1\r\n");
        host(outgoing, out);
        fields(outgoing, out);
        forwarded(outgoing, out);
        via(request, out);
        if (chunked) {
            text(out, "Transfer-Encoding: chunked\r\n");
        } else if (outgoing.length() > 0 || !hasNoBody(request.method())) {
            field(out, "Content-Length", Long.toString(outgoing.length()));
        }
        if (!outgoing.keepAlive()) {
            text(out, "Connection: close\r\n");
        }
        text(out, "\r\n");
    }

    /** Methods for which a missing length is no question (RFC 9110 section 8.6). */
    private static boolean hasNoBody(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    private static void host(Outgoing outgoing, ByteBuf out) {
        String host = outgoing.host().isEmpty() ? outgoing.request().host() : outgoing.host();
        field(out, "Host", host == null ? "" : host);
    }

    private static void fields(Outgoing outgoing, ByteBuf out) {
        Fields fields = outgoing.request().fields();
        String connection = HopByHop.connection(fields);
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.name(i);
            if (!HopByHop.is(name, connection) && !isOurs(name, outgoing.forwarded())) {
                field(out, name, fields.value(i));
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

    private static void forwarded(Outgoing outgoing, ByteBuf out) {
        Forwarded forwarded = outgoing.forwarded();
        if (forwarded == Forwarded.KEEP) {
            return;
        }
        Request request = outgoing.request();
        Fields fields = request.fields();
        boolean append = forwarded == Forwarded.APPEND;
        String address = request.remoteAddress().isEmpty() ? "unix:" : request.remoteAddress();
        String before = append ? joined(fields, "x-forwarded-for") : null;
        field(out, "X-Forwarded-For", before == null ? address : before + ", " + address);
        if (!append || !fields.contains("x-forwarded-proto")) {
            field(out, "X-Forwarded-Proto", request.scheme());
        }
        String host = request.host();
        if (host != null && (!append || !fields.contains("x-forwarded-host"))) {
            field(out, "X-Forwarded-Host", host);
        }
    }

    private static void via(Request request, ByteBuf out) {
        String before = joined(request.fields(), "via");
        String version =
                request.protocol().startsWith("HTTP/") ? request.protocol().substring(5) : "1.1";
        field(out, "Via", (before == null ? "" : before + ", ") + version + " juwsgi");
    }

    static @Nullable String joined(Fields fields, String name) {
        if (!fields.contains(name)) {
            return null;
        }
        return String.join(", ", fields.all(name));
    }

    private static void field(ByteBuf out, String name, String value) {
        text(out, name);
        out.writeByte(':').writeByte(' ');
        text(out, value);
        out.writeByte('\r').writeByte('\n');
    }

    private static void text(ByteBuf out, String text) {
        out.writeCharSequence(text, ISO_8859_1);
    }

    @Override
    public void body(ByteBuf part, Output out) {
        if (!part.isReadable()) {
            part.release();
        } else if (chunked) {
            out.write(Unpooled.copiedBuffer(Integer.toHexString(part.readableBytes()) + "\r\n", ISO_8859_1));
            out.write(part);
            out.write(LINE_END.duplicate());
        } else {
            out.write(part);
        }
    }

    @Override
    public void bodyEnd(Output out) {
        bodySent = true;
        if (chunked) {
            out.write(LAST_CHUNK.duplicate());
        }
    }

    @Override
    public void read(ByteBuf in, Answer answer) throws BadAnswerException {
        reader.read(in, answer);
    }

    @Override
    public void closed(Answer answer) throws BadAnswerException {
        reader.closed(answer);
    }

    @Override
    public boolean reusable() {
        return bodySent && reader.persistent();
    }
}
