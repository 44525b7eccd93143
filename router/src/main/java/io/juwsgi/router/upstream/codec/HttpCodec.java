package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.router.exchange.ChunkMarks;
import io.juwsgi.spi.exchange.Fields;
import io.juwsgi.spi.exchange.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/** HTTP/1.1 to an upstream server (RFC 9112). */
public final class HttpCodec implements Codec, OutgoingFields.Sink {
    private final AnswerReader reader = new AnswerReader(false);
    private ByteBuf head = Unpooled.EMPTY_BUFFER;
    private boolean chunked;
    private boolean bodySent;

    @Override
    public void begin(Outgoing outgoing, ByteBuf out) {
        Request request = outgoing.request();
        chunked = outgoing.length() < 0;
        bodySent = outgoing.length() == 0;
        reader.begin(request.method().equals("HEAD"), outgoing.upgrade());
        text(out, request.method());
        out.writeByte(' ');
        text(out, OriginTarget.of(request));
        text(out, " HTTP/1.1\r\n");
        field(out, "Host", OutgoingFields.host(outgoing));
        head = out;
        OutgoingFields.give(outgoing, this);
        head = Unpooled.EMPTY_BUFFER;
        if (chunked) {
            text(out, "Transfer-Encoding: chunked\r\n");
        } else if (outgoing.length() > 0 || !hasNoBody(request.method())) {
            field(out, "Content-Length", Long.toString(outgoing.length()));
        }
        connection(outgoing, out);
        text(out, "\r\n");
    }

    private static void connection(Outgoing outgoing, ByteBuf out) {
        if (!outgoing.upgrade().isEmpty()) {
            text(out, "Connection: Upgrade\r\n");
            field(out, "Upgrade", outgoing.upgrade());
        } else if (!outgoing.keepAlive()) {
            text(out, "Connection: close\r\n");
        } else if (outgoing.trailers()) {
            text(out, "Connection: TE\r\nTE: trailers\r\n");
        }
    }

    /** Takes a field of the head that is being written. */
    @Override
    public void field(String name, String value) {
        field(head, name, value);
    }

    /** Methods for which a missing length is no question (RFC 9110 section 8.6). */
    private static boolean hasNoBody(String method) {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "DELETE", "TRACE" -> true;
            default -> false;
        };
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
            out.write(ChunkMarks.before(part.alloc(), part.readableBytes()));
            out.write(part);
            out.write(ChunkMarks.after());
        } else {
            out.write(part);
        }
    }

    @Override
    public void bodyEnd(Output out) {
        bodySent = true;
        if (chunked) {
            out.write(ChunkMarks.last());
        }
    }

    @Override
    public void bodyEnd(Fields trailers, Output out) {
        if (chunked && trailers.size() > 0) {
            bodySent = true;
            out.write(ChunkMarks.last(ByteBufAllocator.DEFAULT, trailers));
        } else {
            bodyEnd(out);
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
