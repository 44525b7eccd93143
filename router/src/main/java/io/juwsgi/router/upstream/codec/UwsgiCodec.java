package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.juwsgi.protocol.uwsgi.UwsgiHeader;
import io.netty.buffer.ByteBuf;

/** The uwsgi protocol to an upstream server: a block of variables, the body, an HTTP answer; one request a connection. */
public final class UwsgiCodec extends SingleRequestCodec {
    /** Makes one for a connection. */
    public UwsgiCodec() {
        super(false, true);
    }

    @Override
    void head(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
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
            throw tooLarge();
        }
        out.setByte(start, outgoing.modifier1());
        out.setShortLE(start + 1, size);
        out.setByte(start + 3, outgoing.modifier2());
    }
}
