package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.netty.buffer.ByteBuf;

/** The uwsgi protocol to an upstream server: a block of variables, the body, an HTTP answer; one request a connection. */
public final class UwsgiCodec implements Codec {
    private final AnswerReader reader = new AnswerReader(false);

    @Override
    public void begin(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
        if (outgoing.length() < 0) {
            throw new BadRequestLength(411, "The length of this request's body must be known.");
        }
        reader.begin(outgoing.request().method().equals("HEAD"), outgoing.upgrade());
        int start = out.writerIndex();
        out.writeInt(0);
        new Variables(outgoing).give((name, value) -> {
            out.writeShortLE(name.length());
            out.writeCharSequence(name, ISO_8859_1);
            out.writeShortLE(value.length());
            out.writeCharSequence(value, ISO_8859_1);
        });
        int size = out.writerIndex() - start - UwsgiHeader.SIZE;
        if (size > UwsgiHeader.MAX_BLOCK) {
            throw new BadRequestLength(431, "The request's head is too large for the server that is to answer it.");
        }
        out.setByte(start, outgoing.modifier1());
        out.setShortLE(start + 1, size);
        out.setByte(start + 3, outgoing.modifier2());
    }

    @Override
    public void body(ByteBuf part, Output out) {
        out.write(part);
    }

    @Override
    public void bodyEnd(Output out) {
        // CONTENT_LENGTH has said where it ends.
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
        return false;
    }
}
