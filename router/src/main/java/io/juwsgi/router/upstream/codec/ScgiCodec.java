package io.juwsgi.router.upstream.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;

/** SCGI 1 to an upstream server: a netstring of variables, the body, CGI's answer; one request a connection. */
public final class ScgiCodec implements Codec {
    private static final int LARGEST = 1 << 20;

    private final AnswerReader reader = new AnswerReader(true);

    @Override
    public void begin(Outgoing outgoing, ByteBuf out) throws BadRequestLength {
        if (outgoing.length() < 0) {
            throw new BadRequestLength(411, "The length of this request's body must be known.");
        }
        reader.begin(outgoing.request().method().equals("HEAD"), "");
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
                throw new BadRequestLength(431, "The request's head is too large for the server that is to answer it.");
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
