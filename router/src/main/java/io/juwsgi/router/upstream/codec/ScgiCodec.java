package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;

/** SCGI 1 to an upstream server: a netstring of variables, the body, CGI's answer; one request a connection. */
public final class ScgiCodec extends SingleRequestCodec {
    private static final int LARGEST = 1 << 20;

    /** Makes one for a connection. */
    public ScgiCodec() {
        super(true, false);
    }

    @Override
    void head(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
        ByteBuf block = out.alloc().buffer(1024);
        try {
            // The length comes first, and is never empty.
            variable(block, "CONTENT_LENGTH", Long.toString(outgoing.length()));
            variable(block, "SCGI", "1");
            new Variables(outgoing).give((name, value) -> {
                if (!name.equals("CONTENT_LENGTH") && !name.equals("SCGI")) {
                    variable(block, name, value);
                }
            });
            if (block.readableBytes() > LARGEST) {
                throw tooLarge();
            }
            out.writeCharSequence(block.readableBytes() + ":", ISO_8859_1);
            out.writeBytes(block);
            out.writeByte(',');
        } finally {
            block.release();
        }
    }

    private static void variable(ByteBuf block, String name, String value) {
        block.writeCharSequence(name, ISO_8859_1);
        block.writeByte(0);
        // A zero would be the end of the value.
        block.writeCharSequence(value.replace('\0', ' '), ISO_8859_1);
        block.writeByte(0);
    }
}
